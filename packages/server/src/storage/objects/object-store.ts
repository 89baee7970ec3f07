// The object store port: content-addressed, per workspace. Local folder by default, S3 by settings.
import type { Readable } from 'node:stream';

export interface StoredObject {
  sha256: string;
  md5: string;
  size: number;
}

export interface ObjectStore {
  /** Stores a stream under the SHA-256 of its content; nothing is visible before it is whole. Storing the same content again is cheap and harmless. */
  put(workspaceId: string, content: AsyncIterable<Uint8Array>): Promise<StoredObject>;
  /** Stores a local file; it may be moved into place (local store) and must not be used afterwards. */
  putFile(workspaceId: string, path: string): Promise<StoredObject>;
  /** `range`: both ends included, from 0. @throws NotFound */
  read(workspaceId: string, sha256: string, range?: { start: number; end: number }): Promise<Readable>;
  /** A local read-only path of the object, fetched into a cache by hash when the store is remote. @throws NotFound */
  localPath(workspaceId: string, sha256: string): Promise<string>;
  has(workspaceId: string, sha256: string): Promise<boolean>;
  /** What is there now, whatever was stored; undefined: nothing. */
  sizeOf(workspaceId: string, sha256: string): Promise<number | undefined>;
  /** Takes it away for good; nothing when it is not there. Only for what nothing else can refer to. */
  remove(workspaceId: string, sha256: string): Promise<void>;
  /** Proves that the store can be written and read; for readiness. */
  probe(): Promise<void>;
}

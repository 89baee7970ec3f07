// The object store that the settings name: a bucket when there is one, else the local folder.
import path from 'node:path';
import type { Settings } from '../../base/settings.ts';
import { createLocalStore } from './local-store.ts';
import type { ObjectStore } from './object-store.ts';

/** `folder`: of the local store; copies of a remote one lie beside it. */
export async function openObjectStore(settings: Pick<Settings, 's3'>, folder: string): Promise<ObjectStore> {
  if (!settings.s3) return createLocalStore(folder);
  // Loaded when it is needed: the client costs every start 150 ms.
  const { createS3Store } = await import('./s3-store.ts');
  return createS3Store({ settings: settings.s3, cacheFolder: path.join(path.dirname(folder), 'object-cache'), cacheBytes: settings.s3.cacheBytes });
}

// The object store that the settings name: a bucket when there is one, else the local folder.
import path from 'node:path';
import type { Settings } from '../../base/settings.ts';
import { createLocalStore } from './local-store.ts';
import type { ObjectStore } from './object-store.ts';
import { createS3Store } from './s3-store.ts';

/** `folder`: of the local store; copies of a remote one lie beside it. */
export function openObjectStore(settings: Pick<Settings, 's3'>, folder: string): Promise<ObjectStore> {
  if (!settings.s3) return createLocalStore(folder);
  return createS3Store({ settings: settings.s3, cacheFolder: path.join(path.dirname(folder), 'object-cache'), cacheBytes: settings.s3.cacheBytes });
}

// How backups reach folders, servers and buckets: by the connections of the workspace and the places that file.transfer knows.

import { NotFound } from '@tidewheel/contract/errors';
import type { FilePlace } from '@tidewheel/steps/files/file-place';
import { FolderPlace } from '@tidewheel/steps/files/folder-place';
import { openPlace } from '@tidewheel/steps/files/open-place';
import { transferFile } from '@tidewheel/steps/files/transfer-file';
import type { ConnectionPort } from '../engine/ports.ts';
import type { BackupPlaces, OutsidePlace } from '../features/backups/places.ts';

export function createBackupPlaces(connections: ConnectionPort): BackupPlaces {
  async function* opened({ workspaceId, connection, signal }: OutsidePlace): AsyncGenerator<FilePlace> {
    const { release, ...open } = await connections.open(workspaceId, connection);
    try {
      yield await openPlace({ connection: async () => open, target: async () => noHost(), run: { workspaceId }, signal }, { connection });
    } finally {
      release();
    }
  }
  return {
    async put(place, { folder, name, size }) {
      const from = new FolderPlace({ config: { root: folder, readOnly: true }, slug: 'scratch', signal: place.signal });
      for await (const to of opened(place)) {
        const file = { path: name, size, modifiedAt: new Date() };
        const how = { whenExists: 'refuse', verify: 'hash', key: place.path, onBytes: () => {} } as const;
        await transferFile({ from, to, file, target: place.path, ...how, once: (_name, work) => work() });
      }
    },
    async *read(place) {
      for await (const there of opened(place)) yield* there.read(place.path);
    },
    async sizeOf(place) {
      for await (const there of opened(place)) return (await there.stat(place.path))?.size;
      return undefined;
    },
    async remove(place) {
      for await (const there of opened(place)) if (await there.stat(place.path)) await there.remove(place.path);
    },
  };
}

function noHost(): never {
  throw new NotFound('backup.host', 'A backup goes to a connection, not to a host.', {});
}

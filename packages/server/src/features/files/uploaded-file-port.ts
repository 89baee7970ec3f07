// How the engine finds uploaded files for steps.
import type { UploadedFilePort } from '../../engine/ports.ts';
import { inWorkspace } from '../../storage/database.ts';
import { type FileDeps, usedFile } from './files.service.ts';
import { listFileNames } from './files.store.ts';

export function createUploadedFilePort({ databases }: Pick<FileDeps, 'databases'>): UploadedFilePort {
  return {
    async find(workspaceId, slug) {
      const { sha256, md5, size, name, media_type: mediaType } = await inWorkspace(databases.app, workspaceId, (trx) => usedFile(trx, slug));
      return { kind: 'file', sha256, md5, size, name, mediaType };
    },
    list: (workspaceId) => inWorkspace(databases.app, workspaceId, listFileNames),
  };
}

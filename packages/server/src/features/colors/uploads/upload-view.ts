import type { ColorUpload } from '@tidewheel/contract/routes/color-uploads';
import type { UploadRow } from './uploads.store.ts';

export function shownUpload(row: UploadRow): ColorUpload {
  const { id, kind, title, source, date, state, size, received, sha256, rows, doubtful, duplicates, refused, refusals, notes, error, waiting } = row;
  return {
    ...{ id, kind, title, source, date, state, size, received, sha256, rows, doubtful, duplicates, refused, refusals, notes, error, waiting },
    columnsVersion: row.columns_version,
    sameAs: row.same_as,
    run: row.run_id,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}

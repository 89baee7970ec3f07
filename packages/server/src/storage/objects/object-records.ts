// The `object` rows: one per workspace and SHA-256, written in the transaction of whoever refers to the object.
import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../schema.ts';

/** Idempotent: the same content stored twice stays one row. */
export async function recordObjects(
  trx: Transaction<Database> | Kysely<Database>,
  workspaceId: string,
  objects: readonly { sha256: string; size: number }[],
): Promise<void> {
  if (objects.length === 0) return;
  const unique = new Map(objects.map((object) => [object.sha256, object.size]));
  const rows = [...unique].map(([sha256, size]) => ({ workspace_id: workspaceId, sha256, size }));
  await trx
    .insertInto('object')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

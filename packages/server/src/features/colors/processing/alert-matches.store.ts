// Tells who saved a search, and asked for it, that a processing brought colors which it finds.
import type { ColorFilter } from '@tidewheel/contract/routes/color-search';
import { sql } from 'kysely';
import { newId } from '../../../base/ids.ts';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { notificationChannel, notificationPayloads } from '../../../storage/notification-record.ts';
import { filtered } from '../matching/color-filter.store.ts';
import { meant } from '../matching/security-text.store.ts';

interface Kept {
  workspaceId: string;
  id: string;
  number: number;
  kept: number;
}

/** In the transaction of the keeping: nobody is told of what was not kept, and nobody twice. */
export async function alertOfMatches(trx: WorkspaceTransaction, processing: Kept): Promise<void> {
  if (processing.kept === 0) return;
  const saved = await trx
    .selectFrom('color_search_saved')
    .select(['id', 'title', 'search', 'owner_id', 'owner_label', 'shared'])
    .where('workspace_id', '=', processing.workspaceId)
    .where('alert', '=', true)
    .orderBy('id')
    .execute();
  const raised: string[] = [];
  for (const one of saved) {
    const found = await countMatches(trx, processing, one.search);
    if (found > 0) raised.push(await raise(trx, { ...processing, ...one, found }));
  }
  const { workspaceId } = processing;
  for (const payload of notificationPayloads(raised.map((id) => ({ workspace: workspaceId, id }))))
    await sql`select pg_notify(${notificationChannel}, ${payload})`.execute(trx);
}

async function countMatches(trx: WorkspaceTransaction, { workspaceId, id }: Kept, { text, security, ...filter }: ColorFilter): Promise<number> {
  const kept = trx
    .selectFrom('color')
    .where('color.workspace_id', '=', workspaceId)
    .where('color.processing_id', '=', id)
    .where('color.excluded_by', 'is', null);
  let colors = filtered(kept, filter);
  if (security !== undefined) colors = colors.where('color.security', '=', security);
  if (text !== undefined)
    colors = colors.where('color.security', 'in', (eb) =>
      eb
        .selectFrom('color_security')
        .select('color_security.security')
        .where('color_security.workspace_id', '=', workspaceId)
        .where((of) => meant(of, text)),
    );
  const { found } = await colors.select(({ fn }) => fn.countAll<number>().as('found')).executeTakeFirstOrThrow();
  return found;
}

type Match = Kept & { title: string; owner_id: string; owner_label: string; shared: boolean; found: number };

async function raise(trx: WorkspaceTransaction, { workspaceId, number, title, owner_id, owner_label, shared, found }: Match): Promise<string> {
  const id = newId();
  const colors = found === 1 ? 'A new color matches' : `${found.toLocaleString('en')} new colors match`;
  await trx
    .insertInto('notification_event')
    .values({
      workspace_id: workspaceId,
      id,
      kind: 'color.matched',
      severity: 'info',
      title: `${colors} “${title}”`,
      text: `Processing ${number} of the color desk brought them.`,
      object_type: 'color_processing',
      object_id: String(number),
      flow_id: null,
      data: JSON.stringify({ owner: owner_label, search: title, processing: number, found }),
      raised_by: 'engine',
      idempotency_key: null,
      only_for: shared ? null : owner_id,
    })
    .execute();
  return id;
}

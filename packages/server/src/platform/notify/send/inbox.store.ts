// The only SQL of putting messages behind the bell: which wait for their words, and these.
import { sql } from 'kysely';
import type { Trx } from '../trx.ts';
import type { MessageRow } from './send.store.ts';

/** Those of one workspace, held until the transaction ends. */
export async function takeUnworded(trx: Trx, most: number): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`select m.* from notification_message m
    where m.via = 'inbox' and m.state = 'waiting' and m.workspace_id = (select workspace_id from notification_message where via = 'inbox' and state = 'waiting' order by id limit 1)
    order by m.id limit ${most} for update of m skip locked`.execute(trx);
  return rows;
}

export interface Worded {
  id: string;
  /** Null: as the event says it. */
  title: string | null;
  text: string | null;
  /** Why it is not shown after all; null: it is. */
  leftOut: string | null;
}

export async function saveWords(trx: Trx, { workspaceId, worded }: { workspaceId: string; worded: readonly Worded[] }): Promise<void> {
  const column = <T>(pick: (one: Worded) => T) => worded.map(pick);
  await sql`update notification_message m set shown_title = w.title, shown_text = w.text, due_at = null, attempts = 1,
      state = case when w.left_out is null then 'sent' else 'left_out' end, sent_at = case when w.left_out is null then now() end, reason = coalesce(w.left_out, m.reason)
    from unnest(${column(({ id }) => id)}::uuid[], ${column(({ title }) => title)}::text[], ${column(({ text }) => text)}::text[], ${column(({ leftOut }) => leftOut)}::text[])
      as w(id, title, text, left_out)
    where m.workspace_id = ${workspaceId} and m.id = w.id`.execute(trx);
}

// The statements of one keeping. In the caller's transaction, as the engine.
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import type { Keeping } from './keep-colors.ts';

export interface KeptProcessing {
  id: string;
  number: number;
  taken: number;
  excluded: number;
  kept: number;
  families: number;
}
type Of = Pick<Keeping, 'workspaceId' | 'runId' | 'step'>;

const shown = ['id', 'number', 'taken', 'excluded', 'kept', 'families'] as const;

/** What an earlier attempt kept. Numbers count up: whoever keeps in this workspace waits for who is at it. */
export async function findKept(trx: WorkspaceTransaction, { workspaceId, runId, step }: Of): Promise<KeptProcessing | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`color_processing ${workspaceId}`}, 0))`.execute(trx);
  return trx
    .selectFrom('color_processing')
    .select(shown)
    .where('workspace_id', '=', workspaceId)
    .where('run_id', '=', runId)
    .where('step', '=', step)
    .executeTakeFirst();
}

type New = Keeping &
  Omit<KeptProcessing, 'number'> & { bySource: Record<string, number>; byRule: Record<string, number>; firstDay: string | null; lastDay: string | null };

export async function insertProcessing(trx: WorkspaceTransaction, processing: New): Promise<KeptProcessing> {
  const { workspaceId, id, kept, excluded } = processing;
  if (excluded > 0)
    await sql`update color set line = ${kept}::int - line where workspace_id = ${workspaceId} and processing_id = ${id} and line < 0`.execute(trx);
  const { number } = await trx
    .selectFrom('color_processing')
    .select(sql<number>`coalesce(max(number), 0) + 1`.as('number'))
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  await sumDay(trx, processing);
  return trx
    .insertInto('color_processing')
    .values({
      workspace_id: workspaceId,
      id,
      number,
      kind: processing.kind,
      date: processing.date,
      run_id: processing.runId,
      step: processing.step,
      session_id: processing.sessionId,
      rule_set: JSON.stringify(processing.ruleSet),
      taken: processing.taken,
      excluded,
      kept,
      families: processing.families,
      by_source: JSON.stringify(processing.bySource),
      by_rule: JSON.stringify(processing.byRule),
      first_day: processing.firstDay,
      last_day: processing.lastDay,
      started_at: processing.startedAt,
      by_label: processing.by,
    })
    .returning(shown)
    .executeTakeFirstOrThrow();
}

/** What the dashboard adds up, of the rows that were kept. */
async function sumDay(trx: WorkspaceTransaction, { workspaceId, id, date, firstDay, lastDay }: New): Promise<void> {
  await sql`insert into color_day (workspace_id, processing_id, day, figure, name, market, colors, volume, px_sum, px_colors)
    select ${workspaceId}::uuid, ${id}::uuid, ${date}::date, figure, name, figures.market, sum(colors), sum(volume), sum(px_sum), sum(px_colors)
    from (
      select coalesce(bias, '') as bias, coalesce(source, '') as source, coalesce(sector, '') as sector, coalesce(market, '') as market,
        count(*) as colors, coalesce(sum(size), 0) as volume, coalesce(sum(px), 0) as px_sum, count(px) as px_colors
      from color where workspace_id = ${workspaceId} and processing_id = ${id} and date between ${firstDay} and ${lastDay} and excluded_by is null
      group by 1, 2, 3, 4
    ) kept, lateral (values ('all', '', ''), ('bias', bias, ''), ('source', source, ''), ('sector', sector, kept.market)) figures (figure, name, market)
    group by 4, 5, 6`.execute(trx);
}

/** What the run, or the session that it processes, took is through with: it goes, and which lines they were is on record. */
export async function freeBuffer(
  trx: WorkspaceTransaction,
  { workspaceId, id, runId, sessionId }: Pick<Keeping, 'workspaceId' | 'runId' | 'sessionId'> & { id: string },
): Promise<void> {
  await trx
    .with('gone', (db) =>
      db
        .deleteFrom('color_buffer')
        .where('workspace_id', '=', workspaceId)
        .where(({ eb, or }) => or([eb('taken_by_run', '=', runId), ...(sessionId === null ? [] : [eb('taken_by_session', '=', sessionId)])]))
        .returning(['upload_id', 'line']),
    )
    .insertInto('color_consumed')
    .columns(['workspace_id', 'processing_id', 'upload_id', 'lines'])
    .expression((db) =>
      db
        .selectFrom('gone')
        .select([
          sql<string>`${workspaceId}::uuid`.as('workspace_id'),
          sql<string>`${id}::uuid`.as('processing_id'),
          'upload_id',
          sql<string>`range_agg(int4range(line, line, '[]'))`.as('lines'),
        ])
        .groupBy('upload_id'),
    )
    .execute();
}

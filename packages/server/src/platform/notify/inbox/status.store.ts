// How the worker stands that sends notifications: of the whole installation, so asked as the engine role.
import type { NotifierStatus } from '@tidewheel/contract/notify';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../../../storage/schema.ts';
import { readControl } from '../send/send.store.ts';

const aliveMs = 15_000;

export async function readStatus(engine: Kysely<Database>): Promise<NotifierStatus> {
  const { stopped_at: stoppedAt, stopped_by: stoppedBy, round_at: roundAt } = await readControl(engine);
  const { rows } = await sql<{ events: number; waiting: number; sending: number; unknown: number; failed: number; oldest: Date | null }>`
    select (select count(*)::int from notification_pending) as events,
      (select count(*)::int from notification_message where state in ('waiting', 'handed')) as waiting, (select count(*)::int from notification_message where state = 'sending') as sending,
      (select count(*)::int from notification_message where state = 'unknown') as unknown, (select count(*)::int from notification_message where state = 'failed') as failed,
      (select min(due_at) from notification_message where state in ('waiting', 'unknown')) as oldest`.execute(engine);
  const { events = 0, waiting = 0, sending = 0, unknown = 0, failed = 0, oldest = null } = rows[0] ?? {};
  return {
    running: stoppedAt === null,
    stoppedAt: stoppedAt?.toISOString() ?? null,
    stoppedBy,
    alive: roundAt !== null && Date.now() - roundAt.getTime() < aliveMs,
    lastRoundAt: roundAt?.toISOString() ?? null,
    events,
    waiting,
    sending,
    unknown,
    failed,
    oldestDueAt: oldest?.toISOString() ?? null,
  };
}

// The only SQL of sending messages: who takes which, and what came of it.
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Databases } from '../../../storage/database.ts';
import type { NotificationMessageTable } from '../../../storage/notify-tables.ts';
import type { Database } from '../../../storage/schema.ts';
import type { Trx } from '../trx.ts';

type Db = Kysely<Database> | Trx;
export type MessageRow = Selectable<NotificationMessageTable>;

/** Takes the message that is due longest; nobody else gets it before `claimSeconds` are over. `busy`: `<workspace>/<channel>` that have enough under way. */
export async function claimMessage(db: Db, { claimSeconds, busy }: { claimSeconds: number; busy: readonly string[] }): Promise<MessageRow | undefined> {
  // Chosen apart: a limit inside of "in (…)" may be worked out once for each row, and then several are taken of which one is sent.
  const { rows } = await sql<MessageRow>`
    with chosen as materialized (
      select m.workspace_id, m.id from notification_message m
        left join notification_channel c on c.workspace_id = m.workspace_id and c.slug = m.channel
      where m.state in ('waiting', 'unknown') and m.via <> 'inbox' and m.due_at <= now() and m.workspace_id || '/' || m.channel <> all(${busy}::text[])
        and (c.resting_until is null or c.resting_until <= now())
      order by m.due_at limit 1 for update of m skip locked)
    update notification_message m set state = 'sending', attempts = attempts + 1, claimed_until = now() + make_interval(secs => ${claimSeconds})
    from chosen where m.workspace_id = chosen.workspace_id and m.id = chosen.id
    returning m.*`.execute(db);
  return rows[0];
}

/** Senders that ended in the middle: what they sent may have arrived. A mail is only put into the outbox, with its record, so it has not. */
export async function markUnknown(db: Db, pauseSeconds: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update notification_message set state = case via when 'mail' then 'waiting' else 'unknown' end, claimed_until = null, due_at = now() + make_interval(secs => ${pauseSeconds}),
      error = 'A sender ended in the middle of attempt ' || attempts || ': it may have arrived. It is sent again under the same id.'
    where state = 'sending' and claimed_until < now()`.execute(db);
  return Number(numAffectedRows);
}

type Claimed = Pick<MessageRow, 'workspace_id' | 'id' | 'attempts'>;

/** Only the sender that still holds the claim may say how it went. */
function ofClaim({ workspace_id, id, attempts }: Claimed) {
  return sql<boolean>`workspace_id = ${workspace_id} and id = ${id} and attempts = ${attempts} and state = 'sending'`;
}

export async function markSent(db: Db, message: Claimed, { state, answer }: { state: 'sent' | 'handed'; answer: string | null }): Promise<void> {
  await db
    .updateTable('notification_message')
    .set({ state, answer, sent_at: sql<Date>`now()`, claimed_until: null, due_at: null, error: null })
    .where(ofClaim(message))
    .execute();
}

export async function markFailed(db: Db, message: Claimed, error: string): Promise<void> {
  await db.updateTable('notification_message').set({ state: 'failed', error, claimed_until: null, due_at: null }).where(ofClaim(message)).execute();
}

export async function markLeftOut(db: Db, message: Claimed, reason: string): Promise<void> {
  await db.updateTable('notification_message').set({ state: 'left_out', reason, claimed_until: null, due_at: null }).where(ofClaim(message)).execute();
}

/** `counts`: whether it was an attempt of the message itself, and not one that a resting channel refused. */
export async function postpone(db: Db, message: Claimed, { error, seconds, counts }: { error: string; seconds: number; counts: boolean }): Promise<void> {
  await db
    .updateTable('notification_message')
    .set({
      state: 'waiting',
      error,
      claimed_until: null,
      due_at: sql<Date>`now() + make_interval(secs => ${seconds})`,
      attempts: counts ? message.attempts : message.attempts - 1,
    })
    .where(ofClaim(message))
    .execute();
}

const mostTitles = 30;

/** What was folded into a message, the first ones by title. */
export async function readParts(db: Db, { workspace_id, id }: Pick<MessageRow, 'workspace_id' | 'id'>): Promise<{ count: number; titles: string[] }> {
  const rows = await db
    .selectFrom('notification_message')
    .select('title')
    .where('workspace_id', '=', workspace_id)
    .where('part_of', '=', id)
    .orderBy('id')
    .limit(mostTitles)
    .execute();
  const { count } = await db
    .selectFrom('notification_message')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspace_id)
    .where('part_of', '=', id)
    .executeTakeFirstOrThrow();
  return { count, titles: rows.map(({ title }) => title) };
}

export async function findWorkspace(db: Db, id: string): Promise<{ slug: string; title: string }> {
  return db.selectFrom('workspace').select(['slug', 'title']).where('id', '=', id).executeTakeFirstOrThrow();
}

const mostTogether = 5_000;

/** Mails that the outbox sent or gave up: so they stand in the log, and can be sent again from there. */
export async function settleMails(db: Db): Promise<void> {
  await sql`update notification_message m set state = o.state, attempts = o.attempts, error = o.error, sent_at = o.sent_at
    from mail_outbox o where m.state = 'handed' and o.id = m.id and o.state in ('sent', 'failed')`.execute(db);
}

/** @returns how many it removed */
export async function removeOldMessages({ engine }: Pick<Databases, 'engine'>, days: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from notification_message where ctid = any(array(
    select ctid from notification_message where created_at < now() - make_interval(days => ${days}) and state not in ('waiting', 'sending', 'unknown') limit ${mostTogether}))`.execute(
    engine,
  );
  return Number(numAffectedRows);
}

export async function readControl(db: Db): Promise<{ stopped_at: Date | null; stopped_by: string | null; round_at: Date | null }> {
  return db.selectFrom('notifier_control').select(['stopped_at', 'stopped_by', 'round_at']).executeTakeFirstOrThrow();
}

/** Notes that a round is made. @returns whether somebody stopped it */
export async function noteRound(db: Db): Promise<boolean> {
  const { rows } = await sql<{
    stopped: boolean;
  }>`update notifier_control set round_at = now() where round_at is null or round_at < now() - interval '3 seconds'
    returning stopped_at is not null as stopped`.execute(db);
  return rows[0]?.stopped ?? (await readControl(db)).stopped_at !== null;
}

export async function setStopped(db: Db, by: string | null): Promise<void> {
  await db
    .updateTable('notifier_control')
    .set({ stopped_at: by === null ? null : sql<Date>`coalesce(stopped_at, now())`, stopped_by: by })
    .execute();
}

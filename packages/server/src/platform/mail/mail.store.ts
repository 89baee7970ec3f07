// All SQL about the mail server and the outbox, as the engine role: both belong to the installation and are closed to the app role.
import type { Page } from '@tidewheel/contract/page';
import type { OutboxMail } from '@tidewheel/contract/routes/mail';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { MailEnvelope, MailOutboxTable, MailServerTable } from '../../storage/installation-tables.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Database } from '../../storage/schema.ts';

export type MailDb = Kysely<Database> | Transaction<Database>;
export type MailServerRow = Selectable<MailServerTable>;
export type OutboxRow = Selectable<MailOutboxTable>;

export function findServer(db: MailDb): Promise<MailServerRow | undefined> {
  return db.selectFrom('mail_server').selectAll().executeTakeFirst();
}

/** The server's row, locked until the transaction ends, so that two changes at once do not lose a password. */
export async function lockServer(trx: Transaction<Database>): Promise<MailServerRow | undefined> {
  await sql`select pg_advisory_xact_lock(7283640011)`.execute(trx);
  return findServer(trx);
}

export async function saveServer(db: MailDb, row: Omit<MailServerRow, 'singleton' | 'updated_at'>): Promise<void> {
  await db
    .insertInto('mail_server')
    .values(row)
    .onConflict((conflict) => conflict.column('singleton').doUpdateSet({ ...row, updated_at: sql<Date>`now()` }))
    .execute();
}

export async function deleteServer(db: MailDb): Promise<void> {
  await db.deleteFrom('mail_server').execute();
}

export interface NewOutboxMail {
  id: string;
  messageId: string;
  purpose: string;
  to: string;
  subject: string;
  sealedText: Buffer;
  hasHtml: boolean;
  usefulUntil: Date;
  step: { runId: string; step: string; envelope: MailEnvelope } | null;
}

/** One with the same id that was given up is tried again; any other one stays as it is. */
export async function insertMail(db: MailDb, mail: NewOutboxMail): Promise<void> {
  await db
    .insertInto('mail_outbox')
    .values({
      id: mail.id,
      message_id: mail.messageId,
      purpose: mail.purpose,
      to_address: mail.to,
      subject: mail.subject,
      sealed_text: mail.sealedText,
      has_html: mail.hasHtml,
      useful_until: mail.usefulUntil,
      claimed_until: null,
      sent_at: null,
      error: null,
      run_id: mail.step?.runId ?? null,
      step_id: mail.step?.step ?? null,
      envelope: mail.step ? JSON.stringify(mail.step.envelope) : null,
    })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({
          state: 'waiting',
          sealed_text: mail.sealedText,
          useful_until: mail.usefulUntil,
          attempts: 0,
          next_attempt_at: sql<Date>`now()`,
          error: null,
        })
        .where('mail_outbox.state', '=', 'failed'),
    )
    .execute();
}

/** Of one step of a run; `is_abandoned`: its sender should have been through long ago. */
export function findMailsOf(db: MailDb, { runId, step }: { runId: string; step: string }) {
  return db
    .selectFrom('mail_outbox')
    .select(['to_address', 'state', 'message_id', 'error', 'claimed_until', sql<boolean>`claimed_until < now()`.as('is_abandoned')])
    .where('run_id', '=', runId)
    .where('step_id', '=', step)
    .orderBy('to_address')
    .execute();
}

export async function findWorkspaceSlug(db: MailDb, id: string): Promise<string> {
  return (await db.selectFrom('workspace').select('slug').where('id', '=', id).executeTakeFirstOrThrow()).slug;
}

/** Takes the mail that waits longest; nobody else gets it before `claimSeconds` are over. */
export async function claimMail(db: MailDb, claimSeconds: number): Promise<OutboxRow | undefined> {
  const { rows } = await sql<OutboxRow>`
    update mail_outbox set attempts = attempts + 1, claimed_until = now() + make_interval(secs => ${claimSeconds})
    where id = any(array(
      select id from mail_outbox
      where state = 'waiting' and next_attempt_at <= now() and (claimed_until is null or claimed_until < now())
      order by next_attempt_at limit 1 for update skip locked))
    returning *`.execute(db);
  return rows[0];
}

/** Only the sender that still holds the claim may say how it went. */
function ofClaim({ id, attempts }: Pick<OutboxRow, 'id' | 'attempts'>) {
  return sql<boolean>`id = ${id} and attempts = ${attempts} and state = 'waiting'`;
}

/** For another `claimSeconds`, while it is being sent. */
export async function renewClaim(db: MailDb, mail: Pick<OutboxRow, 'id' | 'attempts'>, claimSeconds: number): Promise<void> {
  await db
    .updateTable('mail_outbox')
    .set({ claimed_until: sql<Date>`now() + make_interval(secs => ${claimSeconds})` })
    .where(ofClaim(mail))
    .execute();
}

export async function markSent(db: MailDb, mail: Pick<OutboxRow, 'id' | 'attempts'>): Promise<void> {
  await db
    .updateTable('mail_outbox')
    .set({ state: 'sent', sent_at: sql<Date>`now()`, sealed_text: null, claimed_until: null, error: null })
    .where(ofClaim(mail))
    .execute();
}

export async function markFailed(db: MailDb, mail: Pick<OutboxRow, 'id' | 'attempts'>, error: string): Promise<void> {
  await db.updateTable('mail_outbox').set({ state: 'failed', sealed_text: null, claimed_until: null, error }).where(ofClaim(mail)).execute();
}

export async function postpone(db: MailDb, mail: Pick<OutboxRow, 'id' | 'attempts'>, { error, seconds }: { error: string; seconds: number }): Promise<void> {
  await db
    .updateTable('mail_outbox')
    .set({ claimed_until: null, error, next_attempt_at: sql<Date>`now() + make_interval(secs => ${seconds})` })
    .where(ofClaim(mail))
    .execute();
}

/** What was sent or given up is kept for a while, so that one can see it. */
export async function forgetOldMail(db: MailDb): Promise<void> {
  await db.deleteFrom('mail_outbox').where('state', '!=', 'waiting').where('created_at', '<', sql<Date>`now() - interval '90 days'`).execute();
}

const newestFirst: Sort = { name: 'newest', keys: [{ column: 'id', type: 'uuid', direction: 'desc' }] };

export async function findMails(db: MailDb, { state }: { state?: OutboxMail['state'] | undefined }, page: PageRequest): Promise<Page<OutboxMail>> {
  let query = db
    .selectFrom('mail_outbox')
    .select(['id', 'purpose', 'to_address', 'subject', 'state', 'attempts', 'created_at', 'next_attempt_at', 'sent_at', 'error']);
  if (state !== undefined) query = query.where('state', '=', state);
  const found = await readPage({ db, query, sort: newestFirst, page });
  return {
    ...found,
    items: found.items.map((row) => ({
      id: row.id,
      purpose: row.purpose,
      to: row.to_address,
      subject: row.subject,
      state: row.state,
      attempts: row.attempts,
      createdAt: row.created_at.toISOString(),
      nextAttemptAt: row.state === 'waiting' ? row.next_attempt_at.toISOString() : null,
      sentAt: row.sent_at?.toISOString() ?? null,
      error: row.error,
    })),
  };
}

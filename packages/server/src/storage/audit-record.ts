// Writes audit entries in the caller's own transaction: the change and its entry are there together or not at all.
import { CompiledQuery, type Transaction } from 'kysely';
import { type AuditActor, type AuditRecord, auditBody, payloadHash } from '../base/audit.ts';
import { newId } from '../base/ids.ts';
import { pooledRandomBytes } from '../base/random-bytes.ts';
import type { Database } from './schema.ts';

const saltBytes = 16;
const insert = `insert into audit_entry (workspace_id, id, at, action, payload_hash, salt, body)
  select n.workspace, n.id, n.at, n.action, decode(n.hash, 'hex'), decode(n.salt, 'hex'), n.body
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::json[]) as n(workspace, id, at, action, hash, salt, body)`;

/** For a transaction that lives: takes Kysely's. */
export async function recordAudit(trx: Transaction<Database>, actor: AuditActor, record: AuditRecord): Promise<void> {
  const { text, values } = auditInsert([{ actor, record }]);
  await trx.executeQuery(CompiledQuery.raw(text, values));
}

/** Many in one statement. */
export async function recordAudits(trx: Transaction<Database>, actor: AuditActor, records: readonly AuditRecord[]): Promise<void> {
  if (records.length === 0) return;
  const { text, values } = auditInsert(records.map((record) => ({ actor, record })));
  await trx.executeQuery(CompiledQuery.raw(text, values));
}

/** One statement for many entries, for who speaks to the driver itself. */
export function auditInsert(entries: { actor: AuditActor; record: AuditRecord }[]): { text: string; values: unknown[][] } {
  const values: unknown[][] = [[], [], [], [], [], [], []];
  for (const { actor, record } of entries) {
    const salt = pooledRandomBytes(saltBytes);
    const body = auditBody(actor, record);
    const row = [actor.workspaceId, newId(), new Date(), record.action, payloadHash(salt, body).toString('hex'), salt.toString('hex'), body];
    row.forEach((value, column) => {
      values[column]?.push(value);
    });
  }
  return { text: insert, values };
}

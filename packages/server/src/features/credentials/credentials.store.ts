// The SQL of credentials as objects, and of who uses them. What they hold is the vault's.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';

export interface CredentialRow {
  slug: string;
  title: string;
  type: string;
  description: string;
  fields: Record<string, unknown>;
  facts: Record<string, unknown>;
  hosts: string[];
  connections: string[];
  expiresOn: string | null;
  remindDays: number[];
}

/** Names what the vault has just sealed. @returns false when the slug is taken */
export async function nameCredential(trx: WorkspaceTransaction, id: string, row: CredentialRow & { createdBy: string }): Promise<boolean> {
  const taken = await trx.selectFrom('credential').select('id').where('slug', '=', row.slug).where('archived_at', 'is', null).executeTakeFirst();
  if (taken) return false;
  await trx
    .updateTable('credential')
    .set({ slug: row.slug, title: row.title, type: row.type, created_by: row.createdBy, ...columnsOf(row) })
    .where('id', '=', id)
    .execute();
  return true;
}

export async function changeCredential(trx: WorkspaceTransaction, id: string, row: Partial<Omit<CredentialRow, 'slug' | 'type'>>): Promise<void> {
  await trx
    .updateTable('credential')
    .set({ ...columnsOf(row), ...(row.title === undefined ? {} : { title: row.title }), updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();
}

export async function countRotation(trx: WorkspaceTransaction, id: string): Promise<void> {
  await trx.updateTable('credential').set({ version: sql<number>`version + 1`, rotated_at: sql<Date>`now()` }).where('id', '=', id).execute();
}

function columnsOf({ description, fields, facts, hosts, connections, expiresOn, remindDays }: Partial<CredentialRow>) {
  return {
    ...(description === undefined ? {} : { description }),
    ...(fields === undefined ? {} : { fields: JSON.stringify(fields) }),
    ...(facts === undefined ? {} : { facts: JSON.stringify(facts) }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(connections === undefined ? {} : { connections }),
    ...(expiresOn === undefined ? {} : { expires_on: expiresOn }),
    ...(remindDays === undefined ? {} : { remind_days: remindDays }),
  };
}

export interface UsingConnection extends LastUse {
  slug: string;
  title: string;
  type: string;
}
export interface UsingTarget extends LastUse {
  name: string;
  title: string;
  os: 'linux' | 'windows';
}

export interface LastUse {
  used_at: Date | null;
  run_id: string | null;
  run_number: number | null;
  flow: string | null;
}

/** Conditions over connection n, host t, run r and flow f: see credential-usage.ts. */
export interface PermittedUses {
  connections: Expression<SqlBool>;
  targets: Expression<SqlBool>;
  runs: Expression<SqlBool>;
  flows: Expression<SqlBool>;
}

/** Without `permitted` all of them: for who must know whether it is used at all. */
export async function findUsers(trx: WorkspaceTransaction, credentialId: string, permitted?: PermittedUses): Promise<UsingConnection[]> {
  const seen = permitted?.runs ?? sql<SqlBool>`true`;
  return trx
    .selectFrom('connection as n')
    .leftJoin('credential_use as u', (join) =>
      join.onRef('u.workspace_id', '=', 'n.workspace_id').onRef('u.credential_id', '=', 'n.credential_id').onRef('u.connection', '=', 'n.slug'),
    )
    .leftJoin('run as r', 'r.id', 'u.run_id')
    .leftJoin('flow as f', 'f.id', 'r.flow_id')
    .select(['n.slug', 'n.title', 'n.type', 'u.used_at'])
    .select([
      sql<string | null>`case when ${seen} then r.id end`.as('run_id'),
      sql<number | null>`case when ${seen} then r.number end`.as('run_number'),
      sql<string | null>`case when ${seen} then f.slug end`.as('flow'),
    ])
    .where('n.credential_id', '=', credentialId)
    .where('n.archived_at', 'is', null)
    .where(permitted?.connections ?? sql<SqlBool>`true`)
    .orderBy('n.slug')
    .execute();
}

const mostTargets = 1_000;

/** Hosts that sign in with it, by name. */
export async function findUsingTargets(trx: WorkspaceTransaction, credentialId: string, permitted?: PermittedUses): Promise<UsingTarget[]> {
  const seen = permitted?.runs ?? sql<SqlBool>`true`;
  return trx
    .selectFrom('target as t')
    .leftJoin('credential_target_use as u', (join) =>
      join.onRef('u.workspace_id', '=', 't.workspace_id').onRef('u.credential_id', '=', 't.credential_id').onRef('u.target_id', '=', 't.id'),
    )
    .leftJoin('run as r', 'r.id', 'u.run_id')
    .leftJoin('flow as f', 'f.id', 'r.flow_id')
    .select(['t.name', 't.title', 't.os', 'u.used_at'])
    .select([
      sql<string | null>`case when ${seen} then r.id end`.as('run_id'),
      sql<number | null>`case when ${seen} then r.number end`.as('run_number'),
      sql<string | null>`case when ${seen} then f.slug end`.as('flow'),
    ])
    .where('t.credential_id', '=', credentialId)
    .where('t.archived_at', 'is', null)
    .where(permitted?.targets ?? sql<SqlBool>`true`)
    .orderBy('t.name')
    .limit(mostTargets)
    .execute();
}

/** The newest versions of flows in which one of the names stands anywhere as a text of its own; the caller looks closer. */
export async function findFlowsWith(
  trx: WorkspaceTransaction,
  names: readonly string[],
  permitted: PermittedUses,
): Promise<{ slug: string; title: string; document: FlowDocument }[]> {
  if (names.length === 0) return [];
  const texts = names.map((name) => `%${JSON.stringify(name).replace(/[\\%_]/g, String.raw`\$&`)}%`);
  return trx
    .selectFrom('flow as f')
    .innerJoin('flow_version as v', (join) => join.onRef('v.flow_id', '=', 'f.id').onRef('v.version', '=', 'f.newest_version'))
    .select(['f.slug', 'f.title', 'v.document'])
    .where('f.archived_at', 'is', null)
    .where(permitted.flows)
    .where(sql<boolean>`v.document::text like any(${texts}::text[])`)
    .orderBy('f.slug')
    .execute();
}

// The only SQL that reads entries, under row-level security.
import type { AuditFilter } from '@tidewheel/contract/routes/audit';
import { sql } from 'kysely';
import { storable } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';

export interface EntryRow {
  id: string;
  at: Date;
  action: string;
  payload_hash: Buffer;
  salt: Buffer | null;
  /** The text as it was hashed. */
  body: string | null;
  leaf_index: number | null;
}

const newest: Sort = { name: 'newest', keys: [{ column: 'e.id', type: 'uuid', direction: 'desc' }] };

const wholeBody = sql<string | null>`e.body::text`;
/** Lists leave out before and after, which may be long. */
const listedBody = sql<string | null>`case when e.body is not null then json_build_object(
  'actor', e.body -> 'actor', 'object', e.body -> 'object', 'requestId', e.body -> 'requestId', 'address', e.body -> 'address')::text end`;

function entries(trx: WorkspaceTransaction, body = wholeBody) {
  return trx
    .selectFrom('audit_entry as e')
    .leftJoin('audit_leaf as l', (join) => join.onRef('l.workspace_id', '=', 'e.workspace_id').onRef('l.entry_id', '=', 'e.id'))
    .select(['e.id', 'e.at', 'e.action', 'e.payload_hash', 'e.salt', body.as('body'), 'l.leaf_index']);
}

function filtered(trx: WorkspaceTransaction, { actor, action, objectType, objectId, from, to }: AuditFilter, body = wholeBody) {
  let query = entries(trx, body);
  if (actor !== undefined) {
    const pattern = `%${storable(actor).replace(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((is) => is.or([is('e.actor_id', '=', storable(actor)), is('e.actor_label', 'ilike', pattern)]));
  }
  if (action !== undefined) query = query.where('e.action', '=', action);
  if (objectType !== undefined) query = query.where('e.object_type', '=', storable(objectType));
  if (objectId !== undefined) query = query.where('e.object_id', '=', storable(objectId));
  // Ids begin with the time: the key's own index finds the first and the last.
  if (from !== undefined) query = query.where('e.at', '>=', new Date(from)).where('e.id', '>=', idBound(Date.parse(from) - slackMs));
  if (to !== undefined) query = query.where('e.at', '<=', new Date(to)).where('e.id', '<', idBound(Date.parse(to) + slackMs));
  return query;
}

/** An id is made a moment before its entry, or runs ahead when many are made at once. */
const slackMs = 10_000;

function idBound(ms: number): string {
  const hex = Math.min(Math.max(0, ms), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

export function findEntries(trx: WorkspaceTransaction, filter: AuditFilter, page: PageRequest) {
  return readPage({ db: trx, query: filtered(trx, filter, listedBody), sort: newest, page });
}

export function findEntry(trx: WorkspaceTransaction, id: string): Promise<EntryRow | undefined> {
  return entries(trx).where('e.id', '=', id).executeTakeFirst();
}

/** The next entries in the order of the tree, from `start` up to, not including, `end`. */
export function findPlaced(
  trx: WorkspaceTransaction,
  { filter, start, end, limit }: { filter: AuditFilter; start: number; end: number; limit: number },
): Promise<EntryRow[]> {
  return filtered(trx, filter).where('l.leaf_index', '>=', start).where('l.leaf_index', '<', end).orderBy('l.leaf_index').limit(limit).execute();
}

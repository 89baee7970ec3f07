// Reading the trail. Each proof is against the newest signed checkpoint.
import { Readable } from 'node:stream';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { AuditCheckpoint, AuditDetail, AuditEntry, AuditFilter, AuditProof } from '@tidewheel/contract/routes/audit';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { leafText } from '../../base/audit.ts';
import type { Download } from '../../base/endpoint.ts';
import { fieldState, maskedField, maskedText, masksAny, refuseWhole, type Shown } from '../../base/masked-view.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { type EntryRow, findEntries, findEntry, findPlaced } from './audit.store.ts';
import { ask, findNewestCheckpoint, loadNodes, type StoredCheckpoint } from './audit-tree.store.ts';
import { checkpointText, type Signer } from './checkpoint.ts';
import { consistency, inclusion, root } from './merkle-tree.ts';

export interface AuditDeps {
  databases: Databases;
  signer: Signer;
}

interface Content {
  actor: AuditEntry['actor'];
  object: AuditEntry['object'];
  requestId: string | null;
  address: string | null;
  before: unknown;
  after: unknown;
}

export async function listAudit({ databases }: AuditDeps, actor: Actor, { cursor, limit, ...filter }: AuditFilter & PageRequest): Promise<Page<AuditEntry>> {
  requirePermission(actor, 'audit.read');
  const page = await inWorkspace(databases.app, actor.workspaceId, (trx) => findEntries(trx, filter, { cursor, limit }));
  return { ...page, items: page.items.map((row) => masked(actor, viewEntry(row))) };
}

/** @throws NotFound */
export async function showAudit({ databases, signer }: AuditDeps, actor: Actor, id: string): Promise<AuditDetail> {
  requirePermission(actor, 'audit.read');
  const { workspaceId } = actor;
  return inWorkspace(databases.app, workspaceId, async (trx) => {
    const row = await findEntry(trx, id);
    if (!row) throw new NotFound('audit.unknown', `There is no audit entry ${id} in this workspace.`);
    const checkpoint = await newestCheckpoint(trx, { workspaceId, signer });
    const [proof = null] = await proofs({ trx, workspaceId, checkpoint, rows: [row] });
    const content = contentOf(row);
    return maskedDetail(actor, { ...viewEntry(row), before: content?.before ?? null, after: content?.after ?? null, proof });
  });
}

const shownAs: Shown = { type: 'audit', permission: 'audit.read', object: {} };

function masked<E extends AuditEntry>(actor: Actor, entry: E): E {
  if (entry.address === null) return entry;
  return { ...entry, address: maskedText(fieldState(actor, shownAs, 'address'), entry.address) };
}

/** The proof holds the whole text and the salt that makes its hash unguessable: neither goes out with a part masked. */
function maskedDetail(actor: Actor, detail: AuditDetail): AuditDetail {
  if (!masksAny(actor, 'audit')) return detail;
  const shown = (field: 'before' | 'after') => maskedField(actor, shownAs, { field, value: detail[field] });
  const isWhole = !auditFields.some((head) => actor.ability?.keepsSome({ ...shownAs, head }));
  const proof = isWhole || detail.proof === null ? detail.proof : { ...detail.proof, payload: null, salt: null };
  return { ...masked(actor, detail), before: shown('before'), after: shown('after'), proof };
}
const auditFields = ['before', 'after', 'address'] as const;

/** @throws InvalidInput when `since` is larger than the tree */
export async function showCheckpoint({ databases, signer }: AuditDeps, actor: Actor, { since }: { since?: number | undefined }): Promise<AuditCheckpoint> {
  requirePermission(actor, 'audit.read');
  const { workspaceId } = actor;
  return inWorkspace(databases.app, workspaceId, async (trx) => {
    const checkpoint = await newestCheckpoint(trx, { workspaceId, signer });
    const { size, note, signed_at } = checkpoint;
    if (since !== undefined && since > size)
      throw new InvalidInput('audit.since', `The tree has ${size} entries, fewer than ${since}.`, {
        hint: 'A checkpoint of that size was signed for another workspace, or entries were lost since: compare its first line.',
      });
    const proof = since === undefined ? null : await ask(trx, workspaceId, consistency(since, size));
    return {
      size,
      root: checkpoint.root.toString('base64'),
      note,
      key: signer.key,
      signedAt: signed_at.toISOString(),
      since: proof && since !== undefined ? { size: since, proof: proof.map((hash) => hash.toString('base64')) } : null,
    };
  });
}

/** Entries are read a few hundred at a time as the reader takes them. What is written meanwhile is not part of it. */
export async function exportAudit(deps: AuditDeps, actor: Actor, filter: AuditFilter): Promise<Download> {
  requirePermission(actor, 'audit.read');
  for (const head of auditFields) refuseWhole(actor, { ...shownAs, head, what: 'the trail with its proofs' });
  const { workspaceId } = actor;
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as AuditFilter;
  const checkpoint = await inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    const newest = await newestCheckpoint(trx, { workspaceId, signer: deps.signer });
    await recordAudit(trx, actor, { action: 'audit.exported', object: null, after: { filter: given, size: newest.size } });
    return newest;
  });
  const lines = exportLines({ deps, workspaceId, filter: given, checkpoint });
  return { stream: Readable.from(lines), mediaType: 'application/x-ndjson', fileName: `audit-${checkpoint.size}.ndjson` };
}

interface Exporting {
  deps: AuditDeps;
  workspaceId: string;
  filter: AuditFilter;
  checkpoint: StoredCheckpoint;
}
const exportedTogether = 200;

async function* exportLines({ deps, workspaceId, filter, checkpoint }: Exporting): AsyncGenerator<string> {
  const { size, note } = checkpoint;
  const complete = Object.keys(filter).length === 0;
  yield line({ type: 'audit', version: 1, workspace: workspaceId, key: deps.signer.key, checkpoint: note, size, complete, filter });
  let count = 0;
  for (let start = 0; start < size; ) {
    const some = await inWorkspace(deps.databases.app, workspaceId, async (trx) => {
      const rows = await findPlaced(trx, { filter, start, end: size, limit: exportedTogether });
      return { last: rows.at(-1)?.leaf_index ?? size, proofs: await proofs({ trx, workspaceId, checkpoint, rows }) };
    });
    for (const proof of some.proofs) {
      if (proof === null) continue;
      const { checkpoint: _same, ...rest } = proof;
      yield line({ type: 'entry', ...rest });
      count++;
    }
    start = some.last + 1;
  }
  yield line({ type: 'end', entries: count });
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/** A workspace in which nothing was placed yet has an empty tree. */
async function newestCheckpoint(trx: WorkspaceTransaction, { workspaceId, signer }: { workspaceId: string; signer: Signer }): Promise<StoredCheckpoint> {
  const found = await findNewestCheckpoint(trx, workspaceId);
  if (found) return found;
  const empty = root(0).answer(new Map());
  return { size: 0, root: empty, note: signer.sign(checkpointText({ workspaceId, size: 0, root: empty })), signed_at: new Date() };
}

interface Proving {
  trx: WorkspaceTransaction;
  workspaceId: string;
  checkpoint: StoredCheckpoint;
  rows: EntryRow[];
}

async function proofs({ trx, workspaceId, checkpoint, rows }: Proving): Promise<(AuditProof | null)[]> {
  const placed = rows.map((row) => ({ row, question: row.leaf_index === null ? null : inclusion(row.leaf_index, checkpoint.size) }));
  const nodes = await loadNodes(
    trx,
    workspaceId,
    placed.flatMap(({ question }) => question?.needs ?? []),
  );
  return placed.map(({ row, question }) => {
    if (question === null || row.leaf_index === null) return null;
    const { id, at, action } = row;
    return {
      leafIndex: row.leaf_index,
      leaf: leafText({ workspaceId, id, at, action, payloadHash: row.payload_hash }),
      payload: row.body,
      salt: row.salt?.toString('hex') ?? null,
      path: question.answer(nodes).map((hash) => hash.toString('base64')),
      checkpoint: checkpoint.note,
    };
  });
}

function contentOf(row: EntryRow): Content | null {
  return row.body === null ? null : (JSON.parse(row.body) as Content);
}

function viewEntry(row: EntryRow): AuditEntry {
  const content = contentOf(row);
  return {
    id: row.id,
    at: row.at.toISOString(),
    action: row.action,
    actor: content?.actor ?? null,
    object: content?.object ?? null,
    requestId: content?.requestId ?? null,
    address: content?.address ?? null,
    erased: content === null,
  };
}

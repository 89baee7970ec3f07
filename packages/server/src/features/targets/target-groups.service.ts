// Groups of hosts: a list that people keep, or a query that is asked anew each time.
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { GroupPreview } from '@tidewheel/contract/routes/target-groups';
import type { TargetGroup } from '@tidewheel/contract/target';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { storable } from '../../base/text.ts';
import { requireHostCondition } from '../../engine/expressions/host-condition.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { groupNamed, matching, type Seen, seenHosts } from './group-members.ts';
import { archiveGroup, changeGroup, findGroups, type GroupRow, type GroupValues, insertGroup, listedMembers } from './groups.store.ts';
import { attributesOf, requireEveryTarget } from './target-access.ts';
import { targetColumns } from './targets.store.ts';

export interface GroupDeps {
  databases: Databases;
}

const shownNames = 200;

export async function listTargetGroups(
  { databases }: GroupDeps,
  actor: Actor,
  query: { search?: string | undefined } & PageRequest,
): Promise<Page<TargetGroup>> {
  requirePermission(actor, 'target.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const page = await findGroups(trx, query, query);
    return { ...page, items: await counted(trx, actor, page.items) };
  });
}

/** @throws NotFound with the closest slug */
export async function showTargetGroup({ databases }: GroupDeps, actor: Actor, slug: string): Promise<TargetGroup> {
  requirePermission(actor, 'target.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => one(trx, actor, await groupNamed(trx, slug)));
}

/** Which hosts, of those that the reader may see, a query finds. @throws InvalidInput for a condition that is none */
export async function previewTargetGroup({ databases }: GroupDeps, actor: Actor, { query }: { query: string }): Promise<GroupPreview> {
  requirePermission(actor, 'target.read');
  requireHostCondition(query);
  const hosts = await inWorkspace(databases.app, actor.workspaceId, (trx) => visible(trx, actor));
  const { members, undecided, reason } = await matching(hosts, query);
  return { members: members.length, names: members.slice(0, shownNames).map(({ name }) => name), undecided, reason };
}

/** @throws InvalidInput for a query that is none, Conflict when the slug is taken */
export async function createTargetGroup({ databases }: GroupDeps, actor: Actor, input: GroupValues & { slug: string }): Promise<TargetGroup> {
  requireEveryTarget(actor);
  const values = checked(input);
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => one(trx, actor, await createGroupIn(trx, actor, { slug: input.slug, ...values })));
}

export async function createGroupIn(trx: WorkspaceTransaction, actor: Actor, group: GroupValues & { slug: string }): Promise<GroupRow> {
  const row = await insertGroup(trx, { workspaceId: actor.workspaceId, id: newId(), ...group });
  if (!row) throw new Conflict('target_group.exists', `There is a group "${group.slug}" already.`, { hint: 'Choose another name, or change that one.' });
  await recordAudit(trx, actor, { action: 'target_group.created', object: objectOf(row), after: auditView(row) });
  return row;
}

/** @throws Conflict for a list that would become a query, or the other way round */
export async function updateTargetGroup({ databases }: GroupDeps, actor: Actor, { slug, ...input }: GroupValues & { slug: string }): Promise<TargetGroup> {
  requireEveryTarget(actor);
  const values = checked(input);
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const before = await groupNamed(trx, slug, { lock: true });
    if ((before.query === null) !== (values.query === null))
      throw new Conflict('target_group.kind', `The group "${slug}" ${before.query === null ? 'has a list of hosts' : 'asks a query'} and stays so.`, {
        hint: 'Make another group.',
      });
    const row = await changeGroup(trx, before.id, values);
    await recordAudit(trx, actor, { action: 'target_group.updated', object: objectOf(row), before: auditView(before), after: auditView(row) });
    return one(trx, actor, row);
  });
}

export async function archiveTargetGroup({ databases }: GroupDeps, actor: Actor, slug: string): Promise<TargetGroup> {
  requireEveryTarget(actor);
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const before = await groupNamed(trx, slug, { lock: true });
    const row = await archiveGroup(trx, before.id);
    await recordAudit(trx, actor, { action: 'target_group.archived', object: objectOf(row), before: auditView(before) });
    return one(trx, actor, row);
  });
}

function checked({ title, description, query }: GroupValues): GroupValues {
  if (query !== null) requireHostCondition(query);
  if (query?.includes('\0')) throw new InvalidInput('target.query', 'The condition holds a character that is no text.', {});
  return { title: storable(title), description: storable(description), query };
}

async function visible(trx: WorkspaceTransaction, actor: Actor): Promise<Seen[]> {
  return (await seenHosts(trx)).filter((host) => may(actor, 'target.read', attributesOf(host)));
}

async function one(trx: WorkspaceTransaction, actor: Actor, row: GroupRow): Promise<TargetGroup> {
  const [shown] = await counted(trx, actor, [row]);
  return shown as TargetGroup;
}

async function counted(trx: WorkspaceTransaction, actor: Actor, rows: readonly GroupRow[]): Promise<TargetGroup[]> {
  const listed = await listedMembers(
    trx,
    rows.map(({ id }) => id),
    permittedRows(actor, 'target.read', targetColumns),
  );
  const hosts = rows.some(({ query }) => query !== null) ? await visible(trx, actor) : [];
  const shown: TargetGroup[] = [];
  for (const row of rows) {
    const asked = row.query === null ? null : await matching(hosts, row.query);
    shown.push(shownGroup(row, { members: asked?.members.length ?? listed.get(row.id) ?? 0, undecided: asked?.undecided ?? 0 }));
  }
  return shown;
}

function shownGroup(row: GroupRow, { members, undecided }: { members: number; undecided: number }): TargetGroup {
  const { id, slug, title, description, query } = row;
  const times = { createdAt: row.created_at.toISOString(), updatedAt: row.updated_at.toISOString(), archivedAt: row.archived_at?.toISOString() ?? null };
  return { id, slug, title, description, query, members, undecided, ...times };
}

function objectOf({ id, slug }: GroupRow) {
  return { type: 'target_group', id, title: slug };
}
function auditView({ title, description, query }: GroupRow) {
  return { title, description, query };
}

// Hosts: where they are, how they are reached, what is known of them.
import { Conflict } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { TargetSummary, TransportInfo, targetSorts } from '@tidewheel/contract/routes/targets';
import type { Target, TargetChange, TargetDetail, TargetFilter, TargetInput } from '@tidewheel/contract/target';
import type { Transport } from '@tidewheel/kit/define-transport';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { groupsOf } from './group-members.ts';
import { existingFor, inUseBy } from './target-access.ts';
import type { CredentialDeps } from './target-credential.ts';
import { chosenBy } from './target-filter.ts';
import { auditView, objectOf, shownTarget } from './target-view.ts';
import { createIn, nameTaken, updateIn } from './target-write.ts';
import { findNeeding, findTarget, findTargets, setArchived, summarize, type TargetRow, targetColumns } from './targets.store.ts';
import { transportInfo } from './transports.ts';

export interface TargetDeps extends CredentialDeps {
  transports: readonly Transport[];
}

export function listTransports({ transports }: TargetDeps, actor: Actor): TransportInfo[] {
  requirePermission(actor, 'target.read');
  return transports.map(transportInfo);
}

type ListQuery = TargetFilter & { sort: (typeof targetSorts)[number] } & PageRequest;

/** @throws NotFound for a group that is not there */
export async function listTargets({ databases }: TargetDeps, actor: Actor, query: ListQuery): Promise<Page<Target>> {
  requirePermission(actor, 'target.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const chosen = await chosenBy(trx, query, [permittedRows(actor, 'target.read', targetColumns)]);
    const page = await findTargets(trx, { ...chosen, sort: query.sort }, query);
    return { ...page, items: page.items.map(shownTarget) };
  });
}

export async function summarizeTargets({ databases }: TargetDeps, actor: Actor, filter: TargetFilter): Promise<TargetSummary> {
  requirePermission(actor, 'target.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) =>
    summarize(trx, await chosenBy(trx, filter, [permittedRows(actor, 'target.read', targetColumns)])),
  );
}

/** @throws NotFound with the closest name */
export async function showTarget({ databases }: TargetDeps, actor: Actor, asked: string): Promise<TargetDetail> {
  requirePermission(actor, 'target.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => detailOf(trx, await existingFor(trx, actor, { asked, permission: 'target.read' })));
}

export async function detailOf(trx: WorkspaceTransaction, row: TargetRow): Promise<TargetDetail> {
  return {
    ...shownTarget(row),
    lastTest: row.contact,
    testedAt: row.tested_at?.toISOString() ?? null,
    testedBy: row.tested_by,
    ...(await findNeeding(trx, row.id)),
    allGroups: await groupsOf(trx, row.id),
  };
}

/** @throws InvalidInput with faults by path, Conflict when the name is taken */
export async function createTarget(deps: TargetDeps, actor: Actor, input: TargetInput): Promise<TargetDetail> {
  requirePermission(actor, 'target.edit');
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const { id } = await createIn({ deps, trx, actor }, input);
    return detailOf(trx, await existingFor(trx, actor, { asked: id, permission: 'target.edit' }));
  });
}

/** @throws InvalidInput with faults by path; also when its way in would come back to itself */
export async function updateTarget(deps: TargetDeps, actor: Actor, { asked, ...change }: TargetChange & { asked: string }): Promise<TargetDetail> {
  requirePermission(actor, 'target.edit');
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const before = await inUseBy(trx, actor, { asked, permission: 'target.edit', lock: true });
    await updateIn({ deps, trx, actor }, { before, change });
    return detailOf(trx, (await findTarget(trx, before.id)) ?? before);
  });
}

/** Takes it out of use. Its name may be given again. @throws Conflict while others are reached through it */
export async function archiveTarget({ databases }: TargetDeps, actor: Actor, asked: string): Promise<Target> {
  requirePermission(actor, 'target.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const row = await inUseBy(trx, actor, { asked, permission: 'target.edit', lock: true });
    await archiveIn(trx, actor, row);
    return shownTarget((await findTarget(trx, row.id)) ?? row);
  });
}

export async function archiveIn(trx: WorkspaceTransaction, actor: Actor, row: TargetRow): Promise<void> {
  const { jumpFor } = await findNeeding(trx, row.id);
  if (jumpFor.length > 0) throw stillJumped(row.name, jumpFor);
  await setArchived(trx, row.id, true);
  await recordAudit(trx, actor, { action: 'target.archived', object: objectOf(row), before: auditView(row) });
}

export function stillJumped(name: string, behind: readonly string[]): Conflict {
  const more = behind.length > 10 ? ` and ${behind.length - 10} more` : '';
  return new Conflict('target.jumped_through', `${behind.slice(0, 10).join(', ')}${more} ${behind.length === 1 ? 'is' : 'are'} reached through "${name}".`, {
    hint: 'Give these hosts another way first.',
    details: { targets: behind.slice(0, 100) },
  });
}

/** @throws Conflict when it is in use, or another host has its name now */
export async function restoreTarget({ databases }: TargetDeps, actor: Actor, asked: string): Promise<Target> {
  requirePermission(actor, 'target.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const row = await existingFor(trx, actor, { asked, permission: 'target.edit', lock: true });
    if (row.archived_at === null) throw new Conflict('target.in_use', `The host "${row.name}" is not archived.`, {});
    const namesake = await findTarget(trx, row.name);
    if (namesake && namesake.archived_at === null) throw nameTaken(row.name);
    await setArchived(trx, row.id, false);
    await recordAudit(trx, actor, { action: 'target.restored', object: objectOf(row), after: auditView(row) });
    return shownTarget((await findTarget(trx, row.id)) ?? row);
  });
}

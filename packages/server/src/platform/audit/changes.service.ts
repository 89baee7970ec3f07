// The change log over all modules, and taking changes back.
import { nounOf } from '@tidewheel/contract/access';
import type { AuditAction } from '@tidewheel/contract/audit-actions';
import { Bug, Conflict, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { Change, ChangeDetail } from '@tidewheel/contract/routes/changes';
import { type Actor, requirePermission } from '../../base/actor.ts';
import type { ChangeModule, LoggedChange } from '../../base/change-module.ts';
import { masksAny } from '../../base/masked-view.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { type ChangeRow, findChange, findChanges, findNewest, oneRevertAtATime } from './changes.store.ts';

export interface ChangeDeps {
  databases: Databases;
  modules: readonly ChangeModule[];
}

/** AUD-04: so many of each module can be taken back for certain, one after the other from the newest on. */
const newestCount = 4;

interface Body {
  actor: { label: string };
  object: LoggedChange['object'] | null;
  before: unknown;
  after: unknown;
}

export async function listChangeModules(deps: ChangeDeps, actor: Actor): Promise<{ name: string; title: string; newest: Change[] }[]> {
  requirePermission(actor, 'change.read');
  const modules = seenBy(deps, actor);
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const shown = [];
    for (const module of modules) {
      const rows = await findNewest(trx, actionsOf([module]), newestCount);
      shown.push({ name: module.name, title: module.title, newest: rows.map((row) => viewChange({ module, row, isNewest: true })) });
    }
    return shown;
  });
}

/** @throws NotFound for a module that is not there or that the actor may not see */
export async function listChanges(
  deps: ChangeDeps,
  actor: Actor,
  { module, objectId, by, ...page }: PageRequest & { module?: string | undefined; objectId?: string | undefined; by?: string | undefined },
): Promise<Page<Change>> {
  requirePermission(actor, 'change.read');
  const seen = seenBy(deps, actor).filter((one) => module === undefined || one.name === module);
  if (module !== undefined && seen.length === 0)
    throw new NotFound('change.module_unknown', `There is no module "${module}" whose changes you may see.`, {
      hint: `There are ${seenBy(deps, actor)
        .map(({ name }) => name)
        .join(', ')}.`,
    });
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const found = await findChanges(trx, { actions: actionsOf(seen), objectId, by }, page);
    const newest = new Set<string>();
    for (const one of seen) for (const row of await findNewest(trx, actionsOf([one]), newestCount)) newest.add(row.id);
    return { ...found, items: found.items.map((row) => viewChange({ module: moduleOf(seen, row.action), row, isNewest: newest.has(row.id) })) };
  });
}

/** @throws NotFound */
export async function showChange(deps: ChangeDeps, actor: Actor, id: string): Promise<ChangeDetail> {
  requirePermission(actor, 'change.read');
  const { row, module, isNewest } = await find(deps, actor, id);
  const { before, after } = bodyOf(row);
  const isKept = keepsContent(actor, module);
  return { ...viewChange({ module, row, isNewest }), before: isKept ? null : before, after: isKept ? null : after };
}

/**
 * Does the opposite through the module's own service, which checks its own permission and writes the entry.
 * @throws NotFound, NotAllowed, Conflict `change.not_revertible` or `change.superseded`
 */
export async function revertChange(deps: ChangeDeps, actor: Actor, id: string): Promise<Change> {
  requirePermission(actor, 'change.revert');
  return oneRevertAtATime(deps.databases.engine, actor.workspaceId, async () => {
    const { row, module } = await find(deps, actor, id);
    const { object, before, after } = bodyOf(row);
    const revert = module.reverts[row.action];
    if (!revert || !object)
      throw new Conflict('change.not_revertible', `A change "${row.action}" cannot be taken back.`, { hint: module.shows?.[row.action] ?? 'Set it by hand.' });
    refuseShortened(before);
    await revert({ ...actor, reverts: id }, { id, action: row.action, object, before, after });
    const again = await find(deps, actor, id);
    if (again.row.reverted_by === null || again.row.reverted_by === row.reverted_by)
      throw new Conflict('change.nothing_to_revert', `"${object.title}" is as it was before this change already.`, { hint: 'Nothing needs to be done.' });
    const done = await find(deps, actor, again.row.reverted_by);
    return viewChange(done);
  });
}

function refuseShortened(before: unknown): void {
  if (typeof before !== 'object' || before === null || !('tooLongToKeep' in before)) return;
  throw new Conflict('change.too_long', 'What was there before is too long for the log to keep.', { hint: "Restore it from the object's own versions." });
}

async function find(deps: ChangeDeps, actor: Actor, id: string): Promise<{ row: ChangeRow; module: ChangeModule; isNewest: boolean }> {
  const seen = seenBy(deps, actor);
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await findChange(trx, actionsOf(seen), id);
    if (!row) throw new NotFound('change.unknown', `There is no change ${id} that you may see.`, { hint: 'See the change log, or the audit trail.' });
    const module = moduleOf(seen, row.action);
    const newest = await findNewest(trx, actionsOf([module]), newestCount);
    return { row, module, isNewest: newest.some((one) => one.id === id) };
  });
}

/** A log is of all objects of a module: whoever may read some of them only has the history of each on its own page. */
function seenBy({ modules }: ChangeDeps, actor: Actor): ChangeModule[] {
  return modules.filter(({ sees }) => actor.ability?.canAll(sees) ?? actor.permissions.has(sees));
}

/** What a role keeps of the objects or of the trail must not be read here. */
function keepsContent(actor: Actor, { sees }: ChangeModule): boolean {
  return masksAny(actor, 'audit') || maskedNouns.some((type) => type === nounOf(sees) && masksAny(actor, type));
}
const maskedNouns = ['connection', 'user'] as const;

function actionsOf(modules: readonly ChangeModule[]): AuditAction[] {
  return modules.flatMap(({ reverts, shows }) => [...Object.keys(reverts), ...Object.keys(shows ?? {})] as AuditAction[]);
}

function moduleOf(modules: readonly ChangeModule[], action: AuditAction): ChangeModule {
  const found = modules.find(({ reverts, shows }) => action in reverts || action in (shows ?? {}));
  if (!found) throw new Bug('change.module', `No module has the action ${action}.`);
  return found;
}

function bodyOf(row: ChangeRow): Body {
  return JSON.parse(row.body ?? '{}') as Body;
}

function viewChange({ module, row, isNewest }: { module: ChangeModule; row: ChangeRow; isNewest: boolean }): Change {
  const { actor, object } = bodyOf(row);
  const obstacle = module.reverts[row.action] ? null : (module.shows?.[row.action] ?? null);
  return {
    id: row.id,
    module: module.name,
    at: row.at.toISOString(),
    action: row.action,
    by: actor.label,
    object: object ?? { type: module.name, id: row.id, title: module.title },
    reverts: row.reverts,
    revertedBy: row.reverted_by,
    isNewest,
    revertible: obstacle === null,
    obstacle,
  };
}

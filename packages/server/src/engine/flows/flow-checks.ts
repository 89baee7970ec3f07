// A flow's text held against what there is for the person who asks.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import { type Actor, may } from '../../base/actor.ts';
import type { CalendarBook } from '../../platform/calendars/book.ts';
import { loadCurrentBook } from '../../platform/calendars/load-calendars.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import type { TableEngine } from '../../storage/tables/table-engine.ts';
import { calendarFunction } from '../expressions/calendars.ts';
import type { ConnectionPort, StepTypes, TargetPort, UploadedFilePort } from '../ports.ts';
import { findPresent } from '../waits/approvals.store.ts';
import type { Absent } from './check-context.ts';
import { attributesOf } from './flow-lookup.ts';
import * as store from './flows.store.ts';
import type { FlowLookup } from './other-flows.ts';
import { type Validation, validateFlow } from './validate.ts';

export interface FlowDeps {
  databases: Databases;
  types: StepTypes;
  tableEngine: Pick<TableEngine, 'check'>;
  connections: Pick<ConnectionPort, 'list'>;
  targets: Pick<TargetPort, 'list'>;
  uploads: Pick<UploadedFilePort, 'list'>;
}

/** `look`: a kept version is shown; what the reader may not use is nothing to him then. */
export async function check(deps: FlowDeps, actor: Actor, given: { source: string; for: 'apply' | 'look' }): Promise<Validation> {
  const { types, tableEngine } = deps;
  const { workspaceId } = actor;
  const [connections, targets, files] = await Promise.all([deps.connections.list(workspaceId), deps.targets.list(workspaceId), deps.uploads.list(workspaceId)]);
  const how = (permission: UsePermission) => absentFor(actor, permission, given.for);
  return validateFlow(given.source, {
    types,
    tableEngine,
    connections: connections.filter(({ slug, folder, type }) => may(actor, 'connection.read', { connection: slug, folder, type })),
    targets: targets.filter(({ name, os, category }) => may(actor, 'target.read', { target: name, os, category })),
    files: files.filter(({ slug, uploadedBy }) => may(actor, 'file.read', { file: slug, uploadedBy })).map(({ slug }) => slug),
    flows: lookupFor(deps, actor),
    calendars: await calendarsNow(deps, actor, given.source),
    whoDecides: may(actor, 'user.read') ? (approvers) => findPresent(deps.databases.enginePool, { workspaceId: actor.workspaceId, approvers }) : undefined,
    holds: given.for === 'apply' ? (permission) => may(actor, permission) : undefined,
    absent: { connections: how('connection.read'), targets: how('target.read'), files: how('file.read'), flows: how('flow.run') },
  });
}

type UsePermission = 'connection.read' | 'target.read' | 'file.read' | 'flow.run';

function absentFor(actor: Actor, permission: UsePermission, purpose: 'apply' | 'look'): Absent[keyof Absent] {
  const everything = actor.ability?.canAll(permission) ?? actor.permissions.has(permission);
  if (everything) return 'warning';
  return purpose === 'apply' ? 'error' : 'nothing';
}

/** Only for a text that may ask for one. */
async function calendarsNow({ databases }: FlowDeps, { workspaceId }: Actor, source: string): Promise<CalendarBook | undefined> {
  if (!source.includes(calendarFunction)) return undefined;
  return inWorkspace(databases.app, workspaceId, loadCurrentBook);
}

/** Flows as the person who asks may run them; that there are others is not told. */
function lookupFor({ databases }: FlowDeps, actor: Actor): FlowLookup {
  return {
    find: (slugs) =>
      inWorkspace(databases.app, actor.workspaceId, async (trx) => {
        const rows = await store.findTargets(trx, slugs);
        return rows.map(({ slug, folder, kind, document }) => ({ slug, document, mayRun: may(actor, 'flow.run', attributesOf({ slug, folder, kind })) }));
      }),
    names: () => inWorkspace(databases.app, actor.workspaceId, (trx) => store.listSlugs(trx, permittedRows(actor, 'flow.run', store.flowColumns))),
  };
}

/** What has changed around a version since it was applied. Its SQL has not: the table engine is spared. */
export async function warningsOf(deps: FlowDeps, actor: Actor, version: store.VersionRow): Promise<Fault[]> {
  const withoutSql: FlowDeps = { ...deps, tableEngine: { check: async () => [] } };
  return (await check(withoutSql, actor, { source: version.source, for: 'look' })).faults;
}

/** All faults in one error. */
export function invalid(faults: Fault[]): InvalidInput {
  const errors = faults.filter((fault) => fault.severity === 'error');
  const shown = errors.slice(0, 5).map((fault) => `${fault.path}: ${fault.message}`);
  const more = errors.length > shown.length ? ` (and ${errors.length - shown.length} more)` : '';
  const count = errors.length === 1 ? 'a fault' : `${errors.length} faults`;
  return new InvalidInput('flow.invalid', `The flow document has ${count}: ${shown.join('; ')}${more}`, { details: { faults } });
}

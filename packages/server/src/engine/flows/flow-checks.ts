// A flow's text held against what there is for the person who asks.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import { type Actor, may } from '../../base/actor.ts';
import type { Databases } from '../../storage/database.ts';
import type { TableEngine } from '../../storage/tables/table-engine.ts';
import type { ConnectionPort, StepTypes, UploadedFilePort } from '../ports.ts';
import type { Absent } from './check-context.ts';
import type { VersionRow } from './flows.store.ts';
import { type Validation, validateFlow } from './validate.ts';

export interface FlowDeps {
  databases: Databases;
  types: StepTypes;
  tableEngine: Pick<TableEngine, 'check'>;
  connections: Pick<ConnectionPort, 'list'>;
  uploads: Pick<UploadedFilePort, 'list'>;
}

/** `look`: a kept version is shown; what the reader may not use is nothing to him then. */
export async function check(deps: FlowDeps, actor: Actor, given: { source: string; for: 'apply' | 'look' }): Promise<Validation> {
  const { types, tableEngine } = deps;
  const [connections, files] = await Promise.all([deps.connections.list(actor.workspaceId), deps.uploads.list(actor.workspaceId)]);
  return validateFlow(given.source, {
    types,
    tableEngine,
    connections: connections.filter(({ slug, folder, type }) => may(actor, 'connection.read', { connection: slug, folder, type })),
    files: files.filter(({ slug, uploadedBy }) => may(actor, 'file.read', { file: slug, uploadedBy })).map(({ slug }) => slug),
    absent: { connections: absentFor(actor, 'connection.read', given.for), files: absentFor(actor, 'file.read', given.for) },
  });
}

function absentFor(actor: Actor, permission: 'connection.read' | 'file.read', purpose: 'apply' | 'look'): Absent[keyof Absent] {
  const everything = actor.ability?.canAll(permission) ?? actor.permissions.has(permission);
  if (everything) return 'warning';
  return purpose === 'apply' ? 'error' : 'nothing';
}

/** What has changed around a version since it was applied. Its SQL has not: the table engine is spared. */
export async function warningsOf(deps: FlowDeps, actor: Actor, version: VersionRow): Promise<Fault[]> {
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

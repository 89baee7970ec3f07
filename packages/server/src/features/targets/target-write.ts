// Writes one host in the transaction of its caller: a person's change, a line of an import, a bulk action.
import { Conflict } from '@tidewheel/contract/errors';
import { type TargetChange, type TargetInput, TargetName } from '@tidewheel/contract/target';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { storable } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { listedGroupIds, setMemberships } from './groups.store.ts';
import { idsOf, requireNoCircle } from './relations.ts';
import { attributesOf } from './target-access.ts';
import { isSamePlace, joinIn, placeOf } from './target-credential.ts';
import { auditView, objectOf } from './target-view.ts';
import type { TargetDeps } from './targets.service.ts';
import { changeTarget, findTarget, insertTarget, setRelations, type TargetRow, type TargetValues } from './targets.store.ts';
import { parseSettings, refused, transportOf, unstorable } from './transports.ts';

export interface Writing {
  deps: TargetDeps;
  trx: WorkspaceTransaction;
  actor: Actor;
}

/** @throws InvalidInput, Conflict when the name is taken */
export async function createIn(writing: Writing, { name: given, ...input }: TargetInput): Promise<TargetRow> {
  const { trx, actor } = writing;
  const name = TargetName.parse(given);
  const id = newId();
  requirePermission(actor, 'target.edit', attributesOf({ name, os: input.os, category: input.category ?? null }));
  const { values, dependsOn } = await valuesOf(writing, { id, before: null, change: input, name });
  if (!(await insertTarget(trx, { workspaceId: actor.workspaceId, id, name, createdBy: actor.label, ...values }))) throw nameTaken(name);
  await joinOthers(writing, { id, dependsOn, groups: input.groups });
  const made = await stored(trx, id);
  await recordAudit(trx, actor, { action: 'target.created', object: objectOf(made), after: auditView(made) });
  return made;
}

export interface Written {
  row: TargetRow;
  /** What differs from before; empty: nothing was written. */
  changes: string[];
}

/** `before` must be locked. Nothing is written where nothing changes. @throws InvalidInput */
export async function updateIn(writing: Writing, { before, change }: { before: TargetRow; change: TargetChange }): Promise<Written> {
  const { trx, actor } = writing;
  // As it will be, too: moving it elsewhere must not be a way out of a rule.
  const category = change.category === undefined ? before.category : change.category;
  requirePermission(actor, 'target.edit', attributesOf({ name: before.name, os: change.os ?? before.os, category }));
  const { values, dependsOn, place } = await valuesOf(writing, { id: before.id, before, change, name: before.name });
  await changeTarget(trx, before.id, { ...values, moved: !isSamePlace(placeOf(before), place) || values.credentialId !== before.credential_id });
  await joinOthers(writing, { id: before.id, dependsOn, groups: change.groups });
  const row = await stored(trx, before.id);
  const [was, is] = [auditView(before) as Record<string, unknown>, auditView(row) as Record<string, unknown>];
  const changes = Object.keys(is).filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]));
  if (changes.length > 0) await recordAudit(trx, actor, { action: 'target.updated', object: objectOf(row), before: was, after: is });
  return { row, changes };
}

async function valuesOf(
  { deps, trx, actor }: Writing,
  { id, before, change, name }: { id: string; before: TargetRow | null; change: TargetChange; name: string },
) {
  const os = change.os ?? before?.os ?? 'linux';
  const transport = transportOf(deps.transports, { kind: change.transport ?? keptTransport(before, change), os });
  const isOther = before !== null && before.transport !== transport.kind;
  const settings = parseSettings(transport, change.settings ?? (before && !isOther ? before.settings : {}));
  const via = change.via === undefined ? (before?.via ?? null) : change.via;
  if (via !== null && !transport.takesVia)
    throw refused([{ path: 'via', message: `a host reached by ${transport.title} cannot be reached through another one` }]);
  const viaId = via === null ? null : via === before?.via ? before.via_id : ((await idsOf(trx, { names: [via], path: 'via' }))[0] ?? null);
  if (viaId !== null && viaId !== before?.via_id) await requireNoCircle(trx, { id, kind: 'via', next: [viaId] });
  const address = change.address ?? before?.address ?? '';
  const place = { address, transport: transport.kind, settings, viaId };
  const slug = change.credential === undefined ? (before?.credential ?? null) : change.credential;
  const credentialId = await joinIn(trx, { actor, transport, to: place, before, slug });
  const dependsOn = change.dependsOn && (await idsOf(trx, { names: change.dependsOn, path: 'dependsOn' }));
  if (dependsOn) await requireNoCircle(trx, { id, kind: 'dependsOn', next: dependsOn });
  const facts = change.facts ?? before?.facts ?? {};
  const odd = unstorable(facts, 'facts');
  if (odd.length > 0) throw refused(odd);
  const values: TargetValues = {
    title: storable((change.title ?? before?.title ?? '').trim()) || name,
    description: storable(change.description ?? before?.description ?? ''),
    os,
    ...place,
    credentialId,
    category: change.category === undefined ? (before?.category ?? null) : change.category,
    tags: [...new Set(change.tags ?? before?.tags ?? [])].sort(),
    facts,
  };
  return { values, dependsOn, place };
}

/** Another system is reached by its usual transport unless told. */
function keptTransport(before: TargetRow | null, { os }: TargetChange): string | undefined {
  return before && (os === undefined || os === before.os) ? before.transport : undefined;
}

async function joinOthers({ trx, actor: { workspaceId } }: Writing, given: { id: string; dependsOn: string[] | undefined; groups: string[] | undefined }) {
  const { id, dependsOn, groups } = given;
  if (dependsOn) await setRelations(trx, { workspaceId, id, dependsOn });
  if (groups) await setMemberships(trx, { workspaceId, targetId: id, groupIds: await listedGroupIds(trx, groups) });
}

async function stored(trx: WorkspaceTransaction, id: string): Promise<TargetRow> {
  const row = await findTarget(trx, id);
  if (!row) throw new Conflict('target.gone', 'The host was removed meanwhile.', {});
  return row;
}

export function nameTaken(name: string): Conflict {
  return new Conflict('target.exists', `There is a host "${name}" already.`, { hint: 'Choose another name, or change that one.' });
}

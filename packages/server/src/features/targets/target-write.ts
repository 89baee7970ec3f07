// Writes one host in the transaction of its caller: a person's change, a line of an import, a bulk action.
import { isDeepStrictEqual } from 'node:util';
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
import { changeTarget, insertTarget, setRelations, type TargetRow, type TargetValues } from './targets.store.ts';
import { parseSettings, refused, transportOf, unstorable } from './transports.ts';

export interface Writing {
  deps: TargetDeps;
  trx: WorkspaceTransaction;
  actor: Actor;
}

/** Whatever can be refused is refused before anything is written. @throws InvalidInput, Conflict when the name is taken */
export async function createIn(writing: Writing, { name: given, ...input }: TargetInput): Promise<Named> {
  const { trx, actor } = writing;
  const host = { id: newId(), name: TargetName.parse(given) };
  requirePermission(actor, 'target.edit', attributesOf({ name: host.name, os: input.os, category: input.category ?? null }));
  const meant = await meantBy(writing, { ...host, before: null, change: input });
  if (!(await insertTarget(trx, { workspaceId: actor.workspaceId, createdBy: actor.label, ...host, ...meant.values }))) throw nameTaken(host.name);
  await joinOthers(writing, { id: host.id, ...meant });
  await recordAudit(trx, actor, { action: 'target.created', object: objectOf(host), after: meant.view });
  return host;
}

export interface Named {
  id: string;
  name: string;
}

/** `before` must be locked. Nothing is written where nothing changes. @returns the names of what does @throws InvalidInput */
export async function updateIn(writing: Writing, { before, change }: { before: TargetRow; change: TargetChange }): Promise<string[]> {
  const { trx, actor } = writing;
  const { id, name } = before;
  // As it will be, too: moving it elsewhere must not be a way out of a rule.
  const category = change.category === undefined ? before.category : change.category;
  requirePermission(actor, 'target.edit', attributesOf({ name, os: change.os ?? before.os, category }));
  const meant = await meantBy(writing, { id, name, before, change });
  const [was, is]: Record<string, unknown>[] = [{ ...auditView(before) }, { ...meant.view }];
  const changes = Object.keys(meant.view).filter((key) => !isDeepStrictEqual(was?.[key], is?.[key]));
  if (changes.length === 0) return [];
  const moved = !isSamePlace(placeOf(before), meant.place) || meant.values.credentialId !== before.credential_id;
  await changeTarget(trx, id, { ...meant.values, moved });
  await joinOthers(writing, { id, ...meant });
  await recordAudit(trx, actor, { action: 'target.updated', object: objectOf(before), before: was, after: is });
  return changes;
}

async function meantBy({ deps, trx, actor }: Writing, { id, name, before, change }: Named & { before: TargetRow | null; change: TargetChange }) {
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
  const groupIds = change.groups && (await listedGroupIds(trx, change.groups));
  const view = {
    ...auditView({ ...values, credential: slug, via, depends_on: change.dependsOn ?? before?.depends_on ?? [], groups: change.groups ?? before?.groups ?? [] }),
  };
  return { values, view, place, dependsOn, groupIds, isNew: before === null };
}

/** Another system is reached by its usual transport unless told. */
function keptTransport(before: TargetRow | null, { os }: TargetChange): string | undefined {
  return before && (os === undefined || os === before.os) ? before.transport : undefined;
}

interface Others {
  id: string;
  dependsOn: string[] | undefined;
  groupIds: string[] | undefined;
  isNew: boolean;
}

async function joinOthers({ trx, actor: { workspaceId } }: Writing, { id, dependsOn, groupIds, isNew }: Others): Promise<void> {
  const isWorth = (list: string[] | undefined): list is string[] => list !== undefined && (list.length > 0 || !isNew);
  if (isWorth(dependsOn)) await setRelations(trx, { workspaceId, id, dependsOn });
  if (isWorth(groupIds)) await setMemberships(trx, { workspaceId, targetId: id, groupIds });
}

export function nameTaken(name: string): Conflict {
  return new Conflict('target.exists', `There is a host "${name}" already.`, { hint: 'Choose another name, or change that one.' });
}

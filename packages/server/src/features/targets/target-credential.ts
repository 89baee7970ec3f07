// How a host gets its secret: by a named credential that its transport takes and that may be sent to its address.
import type { OpenTarget, Transport } from '@tidewheel/kit/define-transport';
import type { Actor } from '../../base/actor.ts';
import { requirePermission } from '../../base/actor.ts';
import { requireMayJoin } from '../../platform/vault/may-join.ts';
import { type Destination, refusalOf } from '../../platform/vault/may-use.ts';
import { findNamedById, type NamedCredential, namedInUse, purposeOfNamed } from '../../platform/vault/named.store.ts';
import { credentialFor } from '../../platform/vault/named-access.ts';
import type { UseRecorder } from '../../platform/vault/use-recorder.ts';
import type { Vault } from '../../platform/vault/vault.service.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { TargetRow } from './targets.store.ts';
import { refused } from './transports.ts';

export interface CredentialDeps {
  databases: Databases;
  vault: Vault;
  /** Notes what is opened; left out in tests. */
  uses?: UseRecorder;
}

/** Where a secret goes: a change of any of it is asked about anew. */
export interface Place {
  address: string;
  transport: string;
  settings: Record<string, unknown>;
  viaId: string | null;
}

function destinationOf({ address, settings }: Place): Destination {
  const port = settings['port'];
  return { connection: null, host: address.toLowerCase().replace(/\.$/, ''), port: typeof port === 'number' ? port : null };
}

export function isSamePlace(one: Place, other: Place): boolean {
  return (
    one.address === other.address &&
    one.transport === other.transport &&
    one.viaId === other.viaId &&
    JSON.stringify(Object.entries(one.settings).sort()) === JSON.stringify(Object.entries(other.settings).sort())
  );
}

export function placeOf({ address, transport, settings, via_id }: TargetRow): Place {
  return { address, transport, settings, viaId: via_id };
}

interface Join {
  actor: Actor;
  transport: Transport;
  to: Place;
  /** What is stored now, when there is something. */
  before: TargetRow | null;
}

/** @throws as requireMayJoin: who may use it, whether it fits, where it may be sent */
export function requireJoin({ actor, transport, to, before, named }: Join & { named: NamedCredential }): void {
  const isJoined = before?.credential_id === named.id;
  const types = transport.credentialTypes;
  requireMayJoin({
    actor,
    named,
    to: destinationOf(to),
    what: 'host',
    unfit: types.includes(named.type)
      ? undefined
      : `a credential of type ${named.type} does not sign in by ${transport.title}; one of type ${types.join(' or ')} does`,
    isJoined,
    isAsBefore: before !== null && isSamePlace(placeOf(before), to),
    fault: (message, hint) => refused([{ path: 'credential', message, hint }]),
  });
}

/** The credential's id, held until the transaction ends. Null for none. @throws NotFound with the closest name */
export async function joinIn(trx: WorkspaceTransaction, { slug, ...join }: Join & { slug: string | null }): Promise<string | null> {
  if (slug === null) return null;
  if (slug !== join.before?.credential) requirePermission(join.actor, 'credential.read');
  const named = slug === join.before?.credential ? await namedInUse(trx, slug, { lock: 'share' }) : await readable(trx, join.actor, slug);
  requireJoin({ ...join, named });
  return named.id;
}

function readable(trx: WorkspaceTransaction, actor: Actor, slug: string): Promise<NamedCredential> {
  return credentialFor(trx, actor, { slug, permission: 'credential.read', lock: 'share' });
}

export interface OpenedCredential {
  credential: OpenTarget['credential'];
  release(): void;
}
const none: OpenedCredential = { credential: null, release: () => {} };

/** What a host signs in with, for one use. @throws InvalidInput when it was archived or may no longer go there */
export async function openCredential(deps: CredentialDeps, row: TargetRow, { runId }: { runId: string | null }): Promise<OpenedCredential> {
  const { credential_id: credentialId, workspace_id: workspaceId } = row;
  if (credentialId === null) return none;
  deps.uses?.note({ workspaceId, credentialId, target: row.id, runId });
  const named = await inWorkspace(deps.databases.app, workspaceId, (trx) => findNamedById(trx, credentialId));
  return openNamed(deps, { named, to: placeOf(row) });
}

export async function openNamed(
  { vault }: Pick<CredentialDeps, 'vault'>,
  { named, to }: { named: NamedCredential | undefined; to: Place },
): Promise<OpenedCredential> {
  if (!named || named.archived_at !== null)
    throw refused([{ path: 'credential', message: `the credential "${named?.slug ?? ''}" was archived`, hint: 'Name another one in the host.' }]);
  const refusal = refusalOf(named, destinationOf(to));
  if (refusal) throw refused([{ path: 'credential', message: refusal, hint: 'Who may edit credentials can widen where it may be used.' }]);
  const { secret, release } = await vault.open({ workspaceId: named.workspace_id, credentialId: named.id, purpose: purposeOfNamed(named) });
  return { credential: { type: named.type, fields: named.fields, secret }, release };
}

// How a connection gets its secret: one of its own, or a named credential that may be sent where the connection leads.

import { credentialTypes } from '@tidewheel/contract/credential-types';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Connector } from '@tidewheel/kit/define-connector';
import type { Actor } from '../../base/actor.ts';
import { requirePermission } from '../../base/actor.ts';
import { fits, secretFor, settingsFrom } from '../../platform/vault/fit.ts';
import { requireMayJoin } from '../../platform/vault/may-join.ts';
import { destinationOf, refusalOf } from '../../platform/vault/may-use.ts';
import { findNamedById, type NamedCredential, namedInUse, purposeOfNamed } from '../../platform/vault/named.store.ts';
import { credentialFor } from '../../platform/vault/named-access.ts';
import type { UseRecorder } from '../../platform/vault/use-recorder.ts';
import type { Vault } from '../../platform/vault/vault.service.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { ConnectionRow } from './connections.store.ts';
import { changedDestination, parseSecret, refused } from './connectors.ts';

type Values = Record<string, unknown>;

export interface SecretDeps {
  databases: Databases;
  vault: Vault;
  /** Notes what is opened; left out in tests. */
  uses?: UseRecorder;
}

export interface OpenedSecret {
  /** Of the connection, with what the credential says in their place: its user. */
  config: Values;
  secret: Values | null;
  release(): void;
}

export function purposeOf(type: string): string {
  return `connection:${type}`;
}

/** Giving or taking away a secret is managing credentials (CRED-05); to name one, one must be able to see it. */
export function requireSecretRights(
  actor: Actor,
  input: { secret?: Values | null | undefined; credential?: string | null | undefined },
  stored: boolean,
): void {
  if (input.secret && input.credential) throw refused([{ path: 'credential', message: 'give either a secret or the name of a credential' }]);
  if (input.secret || (input.secret === null && stored)) requirePermission(actor, 'credential.edit');
  if (input.credential) requirePermission(actor, 'credential.read');
}

/** The settings with those that the credential brings. @throws InvalidInput where something else is given, unless that is what was stored */
export function withSettingsOf(named: NamedCredential | null, connector: Connector, config: Values, stored: Values = {}): Values {
  if (!named) return config;
  const brought = settingsFrom(connector.config, named.fields);
  const other = Object.entries(brought).filter(
    ([name, value]) => config[name] !== undefined && !isSame(config[name], value) && !isSame(config[name], stored[name]),
  );
  if (other.length > 0)
    throw refused(
      other.map(([name, value]) => ({
        path: `config.${name}`,
        message: `the credential "${named.slug}" is for ${JSON.stringify(value)}`,
        hint: 'Leave it out: it comes from the credential.',
      })),
    );
  return { ...config, ...brought };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** `kept`: the one that the connection uses already, which its editor need not be able to read. @throws NotFound */
export async function namedFor(
  databases: Databases,
  actor: Actor,
  { slug, kept }: { slug: string | null | undefined; kept?: string | null },
): Promise<NamedCredential | null> {
  if (!slug) return null;
  return inWorkspace(databases.app, actor.workspaceId, (trx) =>
    slug === kept ? namedInUse(trx, slug) : credentialFor(trx, actor, { slug, permission: 'credential.read' }),
  );
}

export interface Join {
  actor: Actor;
  connector: Connector;
  named: NamedCredential;
  connection: string | null;
  config: Values;
  /** What is stored now, when there is something. */
  before: ConnectionRow | null;
}

/**
 * Whether this actor may have this credential sent where the settings lead. Else whoever may edit connections could read any secret by
 * pointing a connection of his at his own server.
 */
export function requireJoin({ actor, connector, named, connection, config, before }: Join): void {
  if (!connector.secret) throw refused([{ path: 'credential', message: `a connection of type ${connector.type} has no secret` }]);
  const type = credentialTypes.find((candidate) => candidate.type === named.type);
  const isJoined = before?.credential_id === named.id;
  const was = { ...before?.config, ...settingsFrom(connector.config, named.fields) };
  requireMayJoin({
    actor,
    named,
    to: destinationOf(connection, config),
    what: 'connection',
    unfit: type && fits(connector.secret, type.secret) ? undefined : `a credential of type ${named.type} does not serve a connection of type ${connector.type}`,
    isJoined,
    isAsBefore: changedDestination(connector, was, config).length === 0,
    fault: (message, hint) => refused([{ path: 'credential', message, hint }]),
  });
}

/** The credential again, held until the transaction ends: it may have been archived or narrowed meanwhile. @returns its id */
export async function joinIn(trx: WorkspaceTransaction, join: Omit<Join, 'named'> & { slug: string }): Promise<string> {
  const named = await namedInUse(trx, join.slug, { lock: 'share' });
  requireJoin({ ...join, named });
  return named.id;
}

/** Opens what the connection uses, for one use. @throws NotFound, InvalidInput when a named one no longer may go there or does not fit */
export async function openSecret(
  deps: SecretDeps,
  row: ConnectionRow,
  { connector, config, runId = null }: { connector: Connector; config: Values; runId?: string | null },
): Promise<OpenedSecret> {
  if (row.credential_id === null) return { config, secret: null, release: () => {} };
  const credentialId = row.credential_id;
  const place = { workspaceId: row.workspace_id, credentialId };
  deps.uses?.note({ ...place, connection: row.slug, runId });
  if (row.credential === null) {
    const { secret, release } = await deps.vault.open({ ...place, purpose: purposeOf(row.type) });
    return { config, secret, release };
  }
  const named = await inWorkspace(deps.databases.app, row.workspace_id, (trx) => findNamedById(trx, credentialId));
  return openNamed(deps, { named, connector, connection: row.slug, config });
}

export async function openNamed(
  { vault }: Pick<SecretDeps, 'vault'>,
  { named, connector, connection, config }: { named: NamedCredential | undefined; connector: Connector; connection: string | null; config: Values },
): Promise<OpenedSecret> {
  if (!named || named.archived_at !== null)
    throw new InvalidInput('credential.archived', `The credential "${named?.slug ?? ''}" of this connection was archived.`, {
      hint: 'Name another credential in the connection.',
    });
  const settings = { ...config, ...settingsFrom(connector.config, named.fields) };
  const refusal = refusalOf(named, destinationOf(connection, settings));
  if (refusal) throw refused([{ path: 'credential', message: refusal, hint: 'Who may edit credentials can widen where it may be used.' }]);
  const opened = await vault.open({ workspaceId: named.workspace_id, credentialId: named.id, purpose: purposeOfNamed(named) });
  try {
    return {
      config: settings,
      secret: parseSecret(connector, secretFor(connector.secret, { fields: named.fields, secret: opened.secret })),
      release: opened.release,
    };
  } catch (thrown) {
    opened.release();
    throw thrown;
  }
}

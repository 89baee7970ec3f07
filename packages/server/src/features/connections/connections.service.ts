// Connections: their settings are seen by many, their secrets by nobody. A secret never follows changed settings to another server by itself.
import { Conflict } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { Connection, TestResult } from '@tidewheel/contract/routes/connections';
import type { ConnectorInfo } from '@tidewheel/contract/step-type';
import type { Connector } from '@tidewheel/kit/define-connector';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { storable } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { attributesOf, existingFor, inUseBy, meantConfig, shownResult, shownTo } from './connection-access.ts';
import {
  type ConnectionFilter,
  type ConnectionRow,
  changeConnection,
  connectionColumns,
  findConnection,
  findConnections,
  insertConnection,
  lockConnection,
  markArchived,
} from './connections.store.ts';
import { type ConnectorSet, changedDestination, connectorInfo, connectorOf, parseConfig, parseSecret, refused, refuseInadmissible } from './connectors.ts';
import {
  joinIn,
  namedFor,
  type OpenedSecret,
  openNamed,
  openSecret,
  purposeOf,
  requireJoin,
  requireSecretRights,
  type SecretDeps,
  withSettingsOf,
} from './credential-use.ts';
import { runTest } from './run-test.ts';

export interface ConnectionDeps extends SecretDeps {
  connectors: ConnectorSet;
}

/** `secret`, `credential`: both left out keep what is stored, null removes it. */
export interface ConnectionInput {
  slug: string;
  title: string;
  type: string;
  /** Left out keeps where it is filed, null is nowhere. */
  folder?: string | null | undefined;
  config: Record<string, unknown>;
  secret?: Record<string, unknown> | null | undefined;
  /** The slug of a named credential. */
  credential?: string | null | undefined;
}

export function listConnectors({ connectors }: ConnectionDeps, actor: Actor): ConnectorInfo[] {
  requirePermission(actor, 'connection.read');
  return connectors.all.map(connectorInfo);
}

export async function listConnections({ databases }: ConnectionDeps, actor: Actor, query: ConnectionFilter & PageRequest): Promise<Page<Connection>> {
  requirePermission(actor, 'connection.read');
  const page = await inWorkspace(databases.app, actor.workspaceId, (trx) =>
    findConnections(trx, { ...query, permitted: permittedRows(actor, 'connection.read', connectionColumns) }, query),
  );
  return { ...page, items: page.items.map((row) => shownTo(actor, row)) };
}

/** @throws NotFound with the closest slug */
export async function showConnection({ databases }: ConnectionDeps, actor: Actor, slug: string): Promise<Connection> {
  requirePermission(actor, 'connection.read');
  return shownTo(actor, await inWorkspace(databases.app, actor.workspaceId, (trx) => existingFor(trx, actor, { slug, permission: 'connection.read' })));
}

/** @throws InvalidInput with faults by path, Conflict when the slug is taken */
export async function createConnection(deps: ConnectionDeps, actor: Actor, input: ConnectionInput): Promise<Connection> {
  requirePermission(actor, 'connection.edit');
  const { workspaceId } = actor;
  const folder = input.folder ?? null;
  requirePermission(actor, 'connection.edit', attributesOf({ ...input, folder }));
  const connector = connectorOf(deps.connectors, input.type);
  requireSecretRights(actor, input, false);
  const named = await namedFor(deps.databases, actor, { slug: input.credential });
  const config = parseConfig(connector, withSettingsOf(named, connector, input.config));
  await refuseInadmissible({ set: deps.connectors, connector, config, saving: true });
  const secret = input.secret ? parseSecret(connector, input.secret) : null;
  const row = await inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    const join = { actor, connector, connection: input.slug, config, before: null };
    const credentialId = secret
      ? await deps.vault.seal(trx, { workspaceId, purpose: purposeOf(input.type), secret })
      : input.credential
        ? await joinIn(trx, { ...join, slug: input.credential })
        : null;
    const made = await insertConnection(trx, {
      workspaceId,
      id: newId(),
      slug: input.slug,
      title: storable(input.title),
      type: input.type,
      folder,
      config,
      credentialId,
    });
    if (!made) throw new Conflict('connection.exists', `There is a connection "${input.slug}" already.`, { hint: 'Choose another name, or change that one.' });
    await recordAudit(trx, actor, { action: 'connection.created', object: objectOf(made), after: auditView(made) });
    return made;
  });
  return shownTo(actor, row);
}

/** @throws InvalidInput with faults by path: also when the settings lead elsewhere and the secret was left out */
export async function updateConnection(deps: ConnectionDeps, actor: Actor, { slug, ...input }: Omit<ConnectionInput, 'type'>): Promise<Connection> {
  requirePermission(actor, 'connection.edit');
  const { workspaceId } = actor;
  const before = await inWorkspace(deps.databases.app, workspaceId, (trx) => inUseBy(trx, actor, { slug, permission: 'connection.edit' }));
  // As it will be, too: moving it elsewhere must not be a way out of a rule.
  requirePermission(actor, 'connection.edit', attributesOf({ ...before, folder: input.folder === undefined ? before.folder : input.folder }));
  const connector = connectorOf(deps.connectors, before.type);
  requireSecretRights(actor, input, before.credential_id !== null && before.credential === null);
  const credential = keptCredential(before, input);
  const named = await namedFor(deps.databases, actor, { slug: credential, kept: before.credential });
  const config = parseConfig(connector, withSettingsOf(named, connector, meantConfig(actor, before, input.config), before.config));
  await refuseInadmissible({ set: deps.connectors, connector, config, saving: true });
  const secret = input.secret ? parseSecret(connector, input.secret) : input.secret;
  const row = await inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    // Looked at again under a lock: another change may have come in between.
    const locked = await inUseBy(trx, actor, { slug, permission: 'connection.edit', find: lockConnection });
    const folder = input.folder === undefined ? locked.folder : input.folder;
    if (keptCredential(locked, input) !== credential)
      throw new Conflict('connection.changed', `The connection "${slug}" was changed meanwhile.`, { hint: 'Look at it and try again.' });
    if (secret === undefined && credential === null && locked.credential === null) refuseCarriedSecret(connector, locked, config);
    const credentialId = credential
      ? await joinIn(trx, { actor, connector, connection: slug, config, before: locked, slug: credential })
      : await settleSecret({
          deps,
          trx,
          workspaceId,
          row: locked,
          secret: input.credential === null && locked.credential !== null ? (secret ?? null) : secret,
        });
    const changed = await changeConnection(trx, { id: locked.id, title: storable(input.title), folder, config, credentialId });
    const isPrivate = locked.credential_id !== null && locked.credential === null;
    if (isPrivate && locked.credential_id && credentialId !== locked.credential_id)
      await deps.vault.remove(trx, { workspaceId, credentialId: locked.credential_id });
    const after = { ...auditView(changed), secretReplaced: secret !== undefined };
    await recordAudit(trx, actor, { action: 'connection.updated', object: objectOf(changed), before: auditView(locked), after });
    return changed;
  });
  return shownTo(actor, row);
}

/** Takes it out of use and forgets its secret. The slug may be used again. */
export async function archiveConnection({ databases, vault }: ConnectionDeps, actor: Actor, slug: string): Promise<Connection> {
  requirePermission(actor, 'connection.edit');
  const { workspaceId } = actor;
  const row = await inWorkspace(databases.app, workspaceId, async (trx) => {
    const locked = await inUseBy(trx, actor, { slug, permission: 'connection.edit', find: lockConnection });
    const archived = await markArchived(trx, locked.id);
    if (locked.credential_id && locked.credential === null) await vault.remove(trx, { workspaceId, credentialId: locked.credential_id });
    await recordAudit(trx, actor, { action: 'connection.archived', object: objectOf(archived), before: auditView(locked) });
    return archived;
  });
  return shownTo(actor, row);
}

/** Really connects with what is stored. */
export async function testConnection(deps: ConnectionDeps, actor: Actor, { slug, signal }: { slug: string; signal: AbortSignal }): Promise<TestResult> {
  requirePermission(actor, 'connection.edit');
  const row = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => inUseBy(trx, actor, { slug, permission: 'connection.edit' }));
  const connector = connectorOf(deps.connectors, row.type);
  const config = parseConfig(connector, row.config);
  await refuseInadmissible({ set: deps.connectors, connector, config, saving: false });
  // Before the test, which uses the secret whether it succeeds or not.
  await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => recordAudit(trx, actor, { action: 'connection.tested', object: objectOf(row) }));
  const result = await testWith(() => openSecret(deps, row, { connector, config }), { connector, signal });
  return shownResult(actor, { row, config, result });
}

function objectOf({ id, slug }: ConnectionRow) {
  return { type: 'connection', id, title: slug };
}

/** Settings only: the secret never leaves the vault. */
function auditView({ title, type, folder, config, credential_id, credential }: ConnectionRow) {
  return { title, type, folder, config, hasSecret: credential_id !== null, credential };
}

type Trying = Pick<ConnectionInput, 'type' | 'config' | 'secret' | 'credential'> & { slug?: string | undefined; signal: AbortSignal };

/** Really connects with settings that are not saved. A stored secret is used only where it already goes. */
export async function tryConnection(deps: ConnectionDeps, actor: Actor, input: Trying): Promise<TestResult> {
  requirePermission(actor, 'connection.edit');
  const { slug } = input;
  const stored = slug === undefined ? undefined : await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => findConnection(trx, slug));
  if (!stored || !may(actor, 'connection.edit', attributesOf(stored))) return trySettings(deps, actor, input);
  const config = meantConfig(actor, stored, input.config);
  return shownResult(actor, { row: stored, config, result: await trySettings(deps, actor, { ...input, config }) });
}

async function trySettings(deps: ConnectionDeps, actor: Actor, { signal, ...input }: Trying): Promise<TestResult> {
  const connector = connectorOf(deps.connectors, input.type);
  requireSecretRights(actor, input, false);
  const named = await namedFor(deps.databases, actor, { slug: input.credential });
  const config = parseConfig(connector, withSettingsOf(named, connector, input.config));
  await refuseInadmissible({ set: deps.connectors, connector, config, saving: false });
  if (named) requireJoin({ actor, connector, named, connection: input.slug ?? null, config, before: null });
  const after = { type: input.type, config, slug: input.slug ?? null };
  await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => recordAudit(trx, actor, { action: 'connection.tried', object: null, after }));
  if (named) return testWith(() => openNamed(deps, { named, connector, connection: input.slug ?? null, config }), { connector, signal });
  if (input.secret !== undefined || input.slug === undefined) {
    const secret = input.secret ? parseSecret(connector, input.secret) : null;
    return runTest({ connector, config, secret, signal });
  }
  const slug = input.slug;
  const row = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => inUseBy(trx, actor, { slug, permission: 'connection.edit' }));
  if (row.type !== input.type) throw refused([{ path: 'type', message: `the connection "${slug}" is of type ${row.type}` }]);
  if (row.credential === null) refuseCarriedSecret(connector, row, config);
  else {
    const stored = await namedFor(deps.databases, actor, { slug: row.credential, kept: row.credential });
    if (stored) requireJoin({ actor, connector, named: stored, connection: slug, config, before: row });
  }
  return testWith(() => openSecret(deps, row, { connector, config }), { connector, signal });
}

async function testWith(open: () => Promise<OpenedSecret>, { connector, signal }: { connector: Connector; signal: AbortSignal }): Promise<TestResult> {
  const { config, secret, release } = await open();
  try {
    return await runTest({ connector, config, secret, signal });
  } finally {
    release();
  }
}

/** The named credential that a change leaves the connection with. */
function keptCredential(row: ConnectionRow, { secret, credential }: Pick<ConnectionInput, 'secret' | 'credential'>): string | null {
  if (credential !== undefined) return credential;
  return secret === undefined ? row.credential : null;
}

// Else whoever may edit connections could read any secret by pointing its connection at a server of his own.
function refuseCarriedSecret(connector: Connector, row: ConnectionRow, config: Record<string, unknown>): void {
  const changed = row.credential_id === null ? [] : changedDestination(connector, row.config, config);
  if (changed.length === 0) return;
  throw refused([
    {
      path: 'secret',
      message: `must be given again, for ${changed.join(', ')} changed`,
      hint: 'A stored secret is only ever sent to the server it was entered for.',
    },
  ]);
}

async function settleSecret({
  deps,
  trx,
  workspaceId,
  row,
  secret,
}: {
  deps: ConnectionDeps;
  trx: WorkspaceTransaction;
  workspaceId: string;
  row: ConnectionRow;
  secret: Record<string, unknown> | null | undefined;
}): Promise<string | null> {
  if (secret === undefined) return row.credential_id;
  if (secret === null) return null;
  // What a named credential holds is not this connection's to replace.
  const own = row.credential === null ? (row.credential_id ?? undefined) : undefined;
  return deps.vault.seal(trx, { workspaceId, credentialId: own, purpose: purposeOf(row.type), secret });
}

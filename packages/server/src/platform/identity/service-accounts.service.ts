// Accounts of programs, and their keys. What a key may do is asked anew with each use; here is watched that nobody makes one above himself.
import { Conflict, InvalidInput, NotAllowed, NotFound } from '@tidewheel/contract/errors';
import type { ServiceAccount, ServiceKey } from '@tidewheel/contract/routes/service-accounts';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { findPerson } from './account-links.store.ts';
import { findServiceKeys, insertApiToken, revokeApiTokens, shortenApiToken } from './api-tokens.store.ts';
import { type Db, type IdentityDb, type IdentityTransaction, updateRole } from './identity.store.ts';
import { maskedAddress } from './masked-person.ts';
import { changingAccessOf } from './role-assignment.ts';
import { eraseServiceAccount, findOwner, findServiceAccounts, insertServiceAccount, labelOf, saveServiceAccount } from './service-accounts.store.ts';
import { hashToken, newApiToken, prefixOf } from './tokens.ts';
import { setSuspended } from './user-admin.store.ts';
import { requireRole, requireWithinOwn } from './workspaces.service.ts';

const objectOf = ({ id, slug }: { id: string; slug: string }) => ({ type: 'service-account', id, title: labelOf(slug) });

const unknown = (slug: string) => new NotFound('service_account.unknown', `There is no service account "${slug}" in this workspace.`);

export async function listServiceAccounts(db: Db, actor: Actor): Promise<ServiceAccount[]> {
  requirePermission(actor, 'service_account.read');
  return (await findServiceAccounts(db, { workspaceId: actor.workspaceId })).map((account) => maskedAccount(actor, account));
}

/** @throws NotFound */
export async function showServiceAccount(db: Db, actor: Actor, slug: string): Promise<ServiceAccount> {
  requirePermission(actor, 'service_account.read');
  return maskedAccount(actor, await requireAccount(db, actor, { slug }));
}

/** Whoever is shown no address of people learns none of them from who answers for their programs. */
function maskedAccount(actor: Actor, { owner, createdBy, ...account }: ServiceAccount): ServiceAccount {
  return { ...account, owner: owner === null ? null : maskedAddress(actor, owner), createdBy: maskedAddress(actor, createdBy) };
}

async function requireAccount(db: Db, { workspaceId }: Actor, { slug, lock }: { slug: string; lock?: true }): Promise<ServiceAccount> {
  const [found] = await findServiceAccounts(db, { workspaceId, slug, ...(lock ? { lock } : {}) });
  if (!found) throw unknown(slug);
  return found;
}

export interface NewAccount {
  slug: string;
  title: string;
  description: string;
  role: string;
  owner?: string | undefined;
}

/** @throws Conflict, InvalidInput, NotAllowed */
export async function createServiceAccount(db: IdentityDb, actor: Actor, { owner, ...account }: NewAccount): Promise<ServiceAccount> {
  requirePermission(actor, 'service_account.edit');
  const { workspaceId } = actor;
  const id = newId();
  return db.transaction().execute(async (trx) => {
    await requireRole(trx, { workspaceId, role: account.role });
    const ownerId = owner === undefined ? await oneself(trx, actor) : await requireOwner(trx, actor, owner);
    const insert = () => insertServiceAccount(trx, { workspaceId, id, ...account, ownerId, createdBy: actor.label });
    await changingAccessOf(trx, workspaceId, id, insert).catch((error: unknown) => {
      if ((error as { code?: string }).code !== '23505') throw error;
      throw new Conflict('service_account.exists', `There is a service account "${account.slug}" already.`, { hint: 'Choose another slug.' });
    });
    await requireWithinOwn(trx, actor, { userId: id, workspaceId });
    const made = await requireAccount(trx, actor, account);
    await recordAudit(trx, actor, { action: 'service_account.created', object: objectOf(made), after: { ...account, owner: made.owner } });
    return maskedAccount(actor, made);
  });
}

async function oneself(trx: IdentityTransaction, { userId, workspaceId }: Actor): Promise<string | null> {
  if (userId === null) return null;
  return (await findPerson(trx, { id: userId, workspaceId }))?.id ?? null;
}

async function requireOwner(trx: IdentityTransaction, { workspaceId }: Actor, email: string): Promise<string> {
  const id = await findOwner(trx, { workspaceId, email });
  if (id !== undefined) return id;
  const message = `${email} is no member of this workspace.`;
  throw new InvalidInput('service_account.owner', message, { details: { faults: [{ path: 'owner', message, severity: 'error' }] } });
}

export type ChangedAccount = { [K in 'title' | 'description' | 'role' | 'owner']?: string | undefined };

/** @throws NotFound, InvalidInput, NotAllowed */
export async function updateServiceAccount(
  db: IdentityDb,
  actor: Actor,
  { slug, changed }: { slug: string; changed: ChangedAccount },
): Promise<ServiceAccount> {
  return change(db, actor, slug, async (trx, before) => {
    const { workspaceId } = actor;
    const { id } = before;
    const role = changed.role ?? before.role;
    const email = changed.owner ?? before.owner;
    const ownerId =
      changed.owner !== undefined ? await requireOwner(trx, actor, changed.owner) : email === null ? null : await findOwner(trx, { workspaceId, email });
    await saveServiceAccount(trx, {
      workspaceId,
      id,
      title: changed.title ?? before.title,
      description: changed.description ?? before.description,
      ownerId: ownerId ?? null,
    });
    if (role !== before.role) {
      await requireRole(trx, { workspaceId, role });
      await changingAccessOf(trx, workspaceId, id, () => updateRole(trx, { workspaceId, userId: id, role }));
      await requireWithinOwn(trx, actor, { userId: id, workspaceId });
    }
    return { action: 'service_account.updated', before: shown(before) };
  });
}

const shown = ({ title, description, role, owner }: ServiceAccount) => ({ title, description, role, owner });

interface Change {
  action: 'service_account.updated' | 'service_account.suspended' | 'service_account.restored';
  before?: unknown;
}

async function change(
  db: IdentityDb,
  actor: Actor,
  slug: string,
  work: (trx: IdentityTransaction, account: ServiceAccount) => Promise<Change | null>,
): Promise<ServiceAccount> {
  requirePermission(actor, 'service_account.edit');
  return db.transaction().execute(async (trx) => {
    const account = await requireAccount(trx, actor, { slug, lock: true });
    const done = await work(trx, account);
    const after = await requireAccount(trx, actor, { slug });
    if (done) await recordAudit(trx, actor, { ...done, object: objectOf(account), ...(done.before ? { after: shown(after) } : {}) });
    return maskedAccount(actor, after);
  });
}

/** Does nothing to one that is suspended, or is not. */
export function setServiceAccountSuspended(
  db: IdentityDb,
  actor: Actor,
  { slug, isSuspended }: { slug: string; isSuspended: boolean },
): Promise<ServiceAccount> {
  return change(db, actor, slug, async (trx, { id, suspendedAt }) => {
    if ((suspendedAt !== null) === isSuspended) return null;
    await setSuspended(trx, { id, workspaceId: actor.workspaceId, isSuspended });
    return { action: isSuspended ? 'service_account.suspended' : 'service_account.restored' };
  });
}

/** @throws NotFound */
export async function deleteServiceAccount(db: IdentityDb, actor: Actor, slug: string): Promise<{ deleted: true }> {
  requirePermission(actor, 'service_account.edit');
  return db.transaction().execute(async (trx) => {
    const account = await requireAccount(trx, actor, { slug, lock: true });
    await eraseServiceAccount(trx, { workspaceId: actor.workspaceId, id: account.id });
    await recordAudit(trx, actor, { action: 'service_account.deleted', object: objectOf(account), before: shown(account) });
    return { deleted: true as const };
  });
}

export async function listServiceKeys(db: Db, actor: Actor, slug: string): Promise<ServiceKey[]> {
  requirePermission(actor, 'service_account.read');
  const { id } = await requireAccount(db, actor, { slug });
  return (await findServiceKeys(db, { workspaceId: actor.workspaceId, userId: id })).map((key) => maskedKey(actor, key));
}

function maskedKey(actor: Actor, key: ServiceKey): ServiceKey {
  return { ...key, createdBy: key.createdBy === null ? null : maskedAddress(actor, key.createdBy) };
}

export type KeyContent = Pick<ServiceKey, 'title' | 'scope' | 'networks'>;

/** @throws NotFound, NotAllowed */
export async function createServiceKey(
  db: IdentityDb,
  actor: Actor,
  { slug, days, ...content }: KeyContent & { slug: string; days: number },
): Promise<ServiceKey & { token: string }> {
  requireKeyMaker(actor);
  return db.transaction().execute(async (trx) => {
    const account = await requireAccount(trx, actor, { slug, lock: true });
    const made = await issue(trx, actor, { account, content, days });
    const object = { type: 'service-key', id: made.id, title: `${labelOf(slug)}: ${content.title}` };
    await recordAudit(trx, actor, { action: 'service_key.created', object, after: { ...content, prefix: made.prefix, expiresAt: made.expiresAt } });
    return made;
  });
}

// A key from a few networks could make one for everywhere.
function requireKeyMaker(actor: Actor): void {
  requirePermission(actor, 'service_account.edit');
  if (actor.isLimited)
    throw new NotAllowed('key.limited', 'Keys are made by people: a key with limits of its own makes no others.', { hint: 'Sign in and make it there.' });
}

async function issue(
  trx: IdentityTransaction,
  actor: Actor,
  { account, content, days }: { account: ServiceAccount; content: KeyContent; days: number },
): Promise<ServiceKey & { token: string }> {
  const { workspaceId } = actor;
  const scope = content.scope === null ? null : JSON.stringify(content.scope);
  await requireWithinOwn(trx, actor, { userId: account.id, workspaceId, scope });
  const [token, id, expiresAt] = [newApiToken(), newId(), new Date(Date.now() + days * 86_400_000)];
  await insertApiToken(trx, {
    ...content,
    workspaceId,
    userId: account.id,
    id,
    expiresAt,
    tokenHash: hashToken(token),
    prefix: prefixOf(token),
    createdBy: actor.label,
  });
  const [made] = await findServiceKeys(trx, { workspaceId, userId: account.id, id });
  return { ...(made as ServiceKey), token };
}

/** @throws NotFound, NotAllowed */
export async function rotateServiceKey(
  db: IdentityDb,
  actor: Actor,
  { slug, id, days, overlapHours }: { slug: string; id: string; days: number; overlapHours: number },
): Promise<ServiceKey & { token: string }> {
  requireKeyMaker(actor);
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    const account = await requireAccount(trx, actor, { slug, lock: true });
    const [old] = await findServiceKeys(trx, { workspaceId, userId: account.id, id });
    if (!old) throw unknownKey();
    const { title, scope, networks } = old;
    const made = await issue(trx, actor, { account, content: { title, scope, networks }, days });
    const until = new Date(Date.now() + overlapHours * 3_600_000);
    if (overlapHours === 0) await revokeApiTokens(trx, { workspaceId, userId: account.id, id });
    else await shortenApiToken(trx, { workspaceId, id, until });
    const object = { type: 'service-key', id, title: `${labelOf(slug)}: ${title}` };
    await recordAudit(trx, actor, {
      action: 'service_key.rotated',
      object,
      before: { prefix: old.prefix },
      after: { key: made.id, prefix: made.prefix, oldUntil: until.toISOString() },
    });
    return made;
  });
}

const unknownKey = () => new NotFound('service_key.unknown', 'This service account has no such key; it may have been revoked already.');

/** @throws NotFound */
export async function revokeServiceKey(db: IdentityDb, actor: Actor, { slug, id }: { slug: string; id: string }): Promise<{ revoked: true }> {
  requirePermission(actor, 'service_account.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    const account = await requireAccount(trx, actor, { slug });
    const [key] = await findServiceKeys(trx, { workspaceId, userId: account.id, id });
    if (!key) throw unknownKey();
    await revokeApiTokens(trx, { workspaceId, userId: account.id, id });
    await recordAudit(trx, actor, {
      action: 'service_key.revoked',
      object: { type: 'service-key', id, title: `${labelOf(slug)}: ${key.title}` },
      before: { prefix: key.prefix },
    });
    return { revoked: true as const };
  });
}

// One-time links: the first administrator's, and invitations. A link works once, also when used twice at the same instant.

import type { Role } from '@tidewheel/contract/access';
import { Conflict, InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { Invitation, Me } from '@tidewheel/contract/routes/identity';
import type { z } from 'zod';
import { type Actor, requirePermission } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { newId, newToken } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { invitationMail } from './account-mails.ts';
import type { NewAccount } from './accounts.ts';
import {
  addMembership,
  type Db,
  emailIsTaken,
  type IdentityDb,
  type IdentityTransaction,
  lockAdministrators,
  lockFirstAdministrator,
} from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { findLink, findOpenInvitations, insertLink, type OneTimeLink, revokeLinks, useLink } from './links.store.ts';
import { maskedAddress } from './masked-person.ts';
import { requireGoodPassword } from './passwords.service.ts';
import { changingAccessOf, requireGivableRole } from './role-assignment.ts';
import { keepSession } from './session-cookie.ts';
import { describeMe, visitorOf } from './sign-in.service.ts';
import { hashToken, invitationDays } from './tokens.ts';

export type InvitationInfo = z.infer<typeof Invitation>;

const firstLinkHours = 24;

/** Where the web takes the holder of a link. */
export function linkPath(token: string): string {
  return `/welcome/${token}`;
}

/** Makes the first administrator's link and voids older ones; null once an administrator exists. */
export async function makeFirstLink(db: IdentityDb, workspaceId: string): Promise<string | null> {
  return db.transaction().execute(async (trx) => {
    if ((await lockAdministrators(trx, workspaceId)).length > 0) return null;
    await revokeLinks(trx, { workspaceId, purpose: 'first-administrator' });
    const token = newToken();
    const expiresAt = new Date(Date.now() + firstLinkHours * 3_600_000);
    await insertLink(trx, {
      workspaceId,
      id: newId(),
      purpose: 'first-administrator',
      tokenHash: hashToken(token),
      email: null,
      role: 'admin',
      createdBy: 'system',
      expiresAt,
    });
    return linkPath(token);
  });
}

const reasons: Record<Exclude<OneTimeLink['state'], 'open'>, string> = {
  used: 'This link was used already.',
  revoked: 'This link was replaced or withdrawn.',
  expired: 'This link has expired.',
};

/** @throws NotFound when it cannot be used (any more), saying why */
export async function showLink(db: Db, token: string): Promise<OneTimeLink> {
  const link = await findLink(db, hashToken(token));
  if (link?.state === 'open') return link;
  throw new NotFound(`link.${link?.state ?? 'unknown'}`, link ? reasons[link.state as keyof typeof reasons] : 'There is no such link.', {
    hint: 'Ask an administrator for a new invitation; before there is one, restart Tidewheel for a new link.',
  });
}

/** Makes the account and signs in, all or nothing. @throws NotFound, InvalidInput, Conflict */
export async function acceptLink({ db, accounts }: Pick<IdentityDeps, 'db' | 'accounts'>, token: string, account: NewAccount, call: Call): Promise<Me> {
  const link = await showLink(db, token);
  const email = account.email.toLowerCase();
  if (link.email !== null && link.email !== email) {
    throw new InvalidInput('link.other_email', `This invitation is for ${link.email}.`, {
      details: { faults: [{ path: 'email', message: `must be ${link.email}`, severity: 'error' }] },
    });
  }
  await requireGoodPassword(db, { email, password: account.password });
  const made = await db.transaction().execute(async (trx) => {
    if (!(await useLink(trx, hashToken(token)))) throw usedNow();
    if (link.purpose === 'first-administrator') await requireNoAdministrator(trx, link.workspaceId);
    if (await emailIsTaken(trx, email)) throw taken(email);
    const user = await accounts.create(trx, { ...account, email, emailVerified: link.mailed }, visitorOf(call)).catch((error: unknown) => {
      throw (error as { code?: string }).code === '23505' ? taken(email) : error;
    });
    const { workspaceId, role } = link;
    await changingAccessOf(trx, workspaceId, user.userId, () => addMembership(trx, { workspaceId, userId: user.userId, role }));
    await recordAudit(trx, accepting(link, { userId: user.userId, email, call }), {
      action: 'link.accepted',
      object: { type: 'invitation', id: link.id, title: email },
      after: { purpose: link.purpose, role: link.role, user: user.userId },
    });
    return user;
  });
  keepSession(call, made.token);
  return describeMe(db, { userId: made.userId, workspaceId: link.workspaceId });
}

function accepting({ workspaceId }: OneTimeLink, { userId, email, call }: { userId: string; email: string; call: Call }) {
  return { userId, label: email, workspaceId, via: { requestId: call.requestId, address: call.address } };
}

const usedNow = () => new NotFound('link.used', reasons.used);
const taken = (email: string) => new Conflict('user.exists', `${email} has an account already.`, { hint: 'Sign in with it.' });

// Two servers that start at once void each other's links; should two slip through, the first account wins.
async function requireNoAdministrator(db: IdentityTransaction, workspaceId: string): Promise<void> {
  await lockFirstAdministrator(db);
  if ((await lockAdministrators(db, workspaceId)).length > 0)
    throw new Conflict('link.administrator_exists', 'This installation has an administrator already.', { hint: 'Ask for an invitation.' });
}

/** The answer holds the link, once. An older open invitation to the same e-mail is voided. @throws Conflict */
export async function inviteUser(
  { db, mailer }: Pick<IdentityDeps, 'db' | 'mailer'>,
  actor: Actor,
  { email: given, role, origin }: { email: string; role: Role; origin: string },
): Promise<InvitationInfo & { link: string | null; mailed: boolean }> {
  requirePermission(actor, 'user.edit');
  const email = given.toLowerCase();
  const token = newToken();
  const mailed = await mailer.isConfigured();
  const link = {
    workspaceId: actor.workspaceId,
    id: newId(),
    purpose: 'invitation' as const,
    tokenHash: hashToken(token),
    email,
    role,
    createdBy: actor.label,
    expiresAt: new Date(Date.now() + invitationDays * 86_400_000),
    mailed,
  };
  await db.transaction().execute(async (trx) => {
    await requireGivableRole(trx, actor, role, { holder: email });
    if (await emailIsTaken(trx, email))
      throw new Conflict('user.exists', `${email} has an account already.`, { hint: 'Add that user to the workspace (member.add), or change the role there.' });
    await revokeLinks(trx, { workspaceId: actor.workspaceId, purpose: 'invitation', email });
    await insertLink(trx, link);
    if (mailed) await mailer.enqueue(trx, invitationMail({ to: email, by: actor.label, link: origin + linkPath(token), until: link.expiresAt }));
    await recordAudit(trx, actor, { action: 'invitation.created', object: { type: 'invitation', id: link.id, title: email }, after: { email, role } });
  });
  return {
    id: link.id,
    email,
    role,
    expiresAt: link.expiresAt.toISOString(),
    createdBy: link.createdBy,
    mailed,
    link: mailed ? null : origin + linkPath(token),
  };
}

export async function listInvitations(db: Db, actor: Actor): Promise<InvitationInfo[]> {
  requirePermission(actor, 'user.read');
  const links = await findOpenInvitations(db, actor.workspaceId);
  return links.map(({ id, email, role, expiresAt, createdBy }) => ({
    id,
    email: maskedAddress(actor, email ?? ''),
    role,
    expiresAt: expiresAt.toISOString(),
    createdBy: maskedAddress(actor, createdBy),
  }));
}

/** @throws NotFound */
export async function revokeInvitation(db: IdentityDb, actor: Actor, id: string): Promise<{ revoked: boolean }> {
  requirePermission(actor, 'user.edit');
  await db.transaction().execute(async (trx) => {
    const count = await revokeLinks(trx, { workspaceId: actor.workspaceId, purpose: 'invitation', id });
    if (count === 0) throw new NotFound('invitation.unknown', 'There is no such open invitation; it may have been used or revoked.');
    await recordAudit(trx, actor, { action: 'invitation.revoked', object: { type: 'invitation', id, title: id } });
  });
  return { revoked: true };
}

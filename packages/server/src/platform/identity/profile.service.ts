// What people change of their own account besides password and second factor: the name and the address.
import { Conflict, InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { Me } from '@tidewheel/contract/routes/identity';
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { newId, newToken } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { insertAccountLink, useAccountLink } from './account-links.store.ts';
import { alreadyRegisteredMail, emailChangedMail, emailChangeMail } from './account-mails.ts';
import { emailIsTaken, findMemberByEmail, findProfile, type IdentityDb, type IdentityTransaction } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { accountLinkMs, notConfigured, requireOwnPassword, showAccountLink } from './passwords.service.ts';
import { userOf } from './session-cookie.ts';
import { describeMe } from './sign-in.service.ts';
import { hashToken } from './tokens.ts';
import { replaceEmail, saveName } from './user-admin.store.ts';

export async function updateProfile(db: IdentityDb, actor: Actor, name: string): Promise<Me> {
  const { userId, workspaceId } = userOf(actor);
  const before = await findProfile(db, { userId, workspaceId });
  await db.transaction().execute(async (trx) => {
    await saveName(trx, { id: userId, name });
    const object = { type: 'user', id: userId, title: actor.label };
    await recordAudit(trx, actor, { action: 'user.updated', object, before: { name: before?.name }, after: { name } });
  });
  return describeMe(db, { userId, workspaceId });
}

/**
 * Answers alike whether the address has an account already: whoever is signed in must not learn who else is.
 * @throws InvalidInput, Conflict, TooMany
 */
export async function askEmailChange(
  deps: IdentityDeps,
  actor: Actor,
  { email: given, password, call }: { email: string; password: string; call: Call },
): Promise<{ accepted: true }> {
  const person = await requireOwnPassword(deps, actor, { password, path: 'password', call });
  const email = given.toLowerCase();
  if (email === person.email)
    throw new InvalidInput('email.same', 'This is your address already.', {
      details: { faults: [{ path: 'email', message: 'is the present one', severity: 'error' }] },
    });
  await deps.attempts.askMail({ email, address: call.address });
  if (!(await deps.mailer.isConfigured())) throw notConfigured();
  await deps.db.transaction().execute((trx) => mailChangeLink(deps, trx, { userId: person.id, email, createdBy: actor.label, origin: call.origin }));
  return { accepted: true };
}

async function mailChangeLink(
  { mailer }: Pick<IdentityDeps, 'mailer'>,
  trx: IdentityTransaction,
  { userId, email, createdBy, origin }: { userId: string; email: string; createdBy: string; origin: string },
): Promise<void> {
  const until = new Date(Date.now() + accountLinkMs);
  if (await emailIsTaken(trx, email)) return mailer.enqueue(trx, alreadyRegisteredMail({ to: email, link: `${origin}/sign-in`, until }));
  const token = newToken();
  const link = { id: newId(), userId, purpose: 'email-change' as const, tokenHash: hashToken(token), mailed: true, newEmail: email };
  await insertAccountLink(trx, { ...link, createdBy, expiresAt: until });
  return mailer.enqueue(trx, emailChangeMail({ to: email, link: `${origin}/account-link/${token}`, until }));
}

/** @throws NotFound, Conflict when somebody has taken the address meanwhile */
export async function confirmEmailChange({ db, mailer }: Pick<IdentityDeps, 'db' | 'mailer'>, token: string, call: Call): Promise<{ email: string }> {
  const { userId, email: old, newEmail } = await showAccountLink(db, token, 'email-change');
  const email = newEmail ?? old;
  const isConfigured = await mailer.isConfigured();
  await db.transaction().execute(async (trx) => {
    if (!(await useAccountLink(trx, hashToken(token), 'email-change'))) throw new NotFound('link.used', 'This link was used already.');
    await replaceEmail(trx, { id: userId, email }).catch((error: unknown) => {
      throw (error as { code?: string }).code === '23505' ? new Conflict('user.exists', `${email} has an account already.`) : error;
    });
    // Its owner has to learn of it should it be somebody else who did it.
    if (isConfigured) await mailer.enqueue(trx, emailChangedMail({ to: old, now: email, until: new Date(Date.now() + 86_400_000) }));
    await recordEmailChange(trx, { userId, old, email, call });
  });
  return { email };
}

async function recordEmailChange(
  trx: IdentityTransaction,
  { userId, old, email, call }: { userId: string; old: string; email: string; call: Call },
): Promise<void> {
  const member = await findMemberByEmail(trx, email);
  if (!member) return;
  const actor = { userId, label: email, workspaceId: member.workspaceId, via: { requestId: call.requestId, address: call.address } };
  const object = { type: 'user', id: userId, title: email };
  await recordAudit(trx, actor, { action: 'user.email_changed', object, before: { email: old }, after: { email } });
}

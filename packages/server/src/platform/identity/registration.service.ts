// Accounts that people make themselves, and addresses that they confirm. Both by a link that is mailed: who uses it reads that address.
import { NotAllowed, NotFound } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { newId, newToken } from '../../base/ids.ts';
import { findPerson, insertAccountLink, markEmailVerified, useAccountLink } from './account-links.store.ts';
import { alreadyRegisteredMail, registrationMail, verificationMail } from './account-mails.ts';
import { emailIsTaken, findMainWorkspace } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { linkPath } from './links.service.ts';
import { insertLink, revokeLinks } from './links.store.ts';
import { accountLinkMs, notConfigured, showAccountLink } from './passwords.service.ts';
import { findRules } from './rules.store.ts';
import { userOf } from './session-cookie.ts';
import { hashToken } from './tokens.ts';

/** The answer is the same whether the address has an account; its owner learns it by mail. @throws NotAllowed, Conflict, TooMany */
export async function register(deps: IdentityDeps, { email, call }: { email: string; call: Call }): Promise<{ accepted: true }> {
  const { selfRegistration } = await findRules(deps.db);
  if (!selfRegistration)
    throw new NotAllowed('registration.off', 'Accounts are made by invitation here.', { hint: 'Ask an administrator of the workspace for an invitation.' });
  await deps.attempts.askMail({ email, address: call.address });
  if (!(await deps.mailer.isConfigured())) throw notConfigured();
  const task = mailRegistration(deps, { email: email.toLowerCase(), origin: call.origin });
  void task.catch((error: unknown) => deps.log.error({ err: error }, 'A link to make an account was not mailed.'));
  return { accepted: true };
}

async function mailRegistration({ db, mailer }: IdentityDeps, { email, origin }: { email: string; origin: string }): Promise<void> {
  const workspaceId = await findMainWorkspace(db);
  if (workspaceId === undefined) return;
  const { registrationRole } = await findRules(db);
  const token = newToken();
  const until = new Date(Date.now() + accountLinkMs);
  await db.transaction().execute(async (trx) => {
    if (await emailIsTaken(trx, email)) return mailer.enqueue(trx, alreadyRegisteredMail({ to: email, link: `${origin}/sign-in`, until }));
    await revokeLinks(trx, { workspaceId, purpose: 'registration', email });
    await insertLink(trx, {
      workspaceId,
      id: newId(),
      purpose: 'registration',
      tokenHash: hashToken(token),
      email,
      role: registrationRole,
      createdBy: email,
      expiresAt: until,
      mailed: true,
    });
    return mailer.enqueue(trx, registrationMail({ to: email, link: origin + linkPath(token), until }));
  });
}

export async function askVerification({ db, mailer, attempts }: IdentityDeps, actor: Actor, call: Call): Promise<{ accepted: true }> {
  const { userId, workspaceId } = userOf(actor);
  const person = await findPerson(db, { id: userId, workspaceId });
  if (!person || person.emailVerified) return { accepted: true };
  await attempts.askMail({ email: person.email, address: call.address });
  if (!(await mailer.isConfigured())) throw notConfigured();
  const token = newToken();
  const until = new Date(Date.now() + accountLinkMs);
  await db.transaction().execute(async (trx) => {
    const link = { id: newId(), userId, purpose: 'email-verification' as const, tokenHash: hashToken(token), mailed: true };
    await insertAccountLink(trx, { ...link, createdBy: actor.label, expiresAt: until });
    await mailer.enqueue(trx, verificationMail({ to: person.email, link: `${call.origin}/account-link/${token}`, until }));
  });
  return { accepted: true };
}

/** @throws NotFound */
export async function verifyEmail({ db }: IdentityDeps, token: string): Promise<{ verified: true }> {
  const link = await showAccountLink(db, token, 'email-verification');
  return db.transaction().execute(async (trx) => {
    if (!(await useAccountLink(trx, hashToken(token), 'email-verification'))) throw new NotFound('link.used', 'This link was used already.');
    await markEmailVerified(trx, link.userId);
    return { verified: true as const };
  });
}

// Changing, forgetting and resetting passwords.
import { Conflict, InvalidInput, NotFound } from '@tidewheel/contract/errors';
import { type Actor, requirePermission } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { newId, newToken } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import {
  type AccountLink,
  findAccountLink,
  findPerson,
  insertAccountLink,
  markEmailVerified,
  type Person,
  useAccountLink,
  voidResetLinks,
} from './account-links.store.ts';
import { resetMail } from './account-mails.ts';
import { requireAccountInReach, requireRightsOf } from './account-reach.ts';
import { type Db, findMemberByEmail, type IdentityTransaction } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { passwordFault } from './password-fault.ts';
import { findOldHashes, findPasswordHash, lockPassword, replaceHash } from './passwords.store.ts';
import { findRules } from './rules.store.ts';
import { userOf } from './session-cookie.ts';
import { endSessionsOf } from './sessions.store.ts';
import { hashToken } from './tokens.ts';

export const accountLinkMs = 30 * 60_000;

/** @throws InvalidInput that says what is wrong with it */
export async function requireGoodPassword(db: Db, { email, password }: { email: string; password: string }): Promise<void> {
  const { minPasswordLength } = await findRules(db);
  const fault = passwordFault(password, { email, minLength: minPasswordLength });
  if (fault !== null) throw badPassword('password', `The password ${fault}.`);
}

function badPassword(path: string, message: string, hint = 'A few words that have nothing to do with one another make a good password.'): InvalidInput {
  return new InvalidInput('password.refused', message, {
    hint,
    details: { faults: [{ path, message, severity: 'error' }] },
  });
}

/** In the transaction that ends sessions with it: policy, history, new hash; open reset links are void. */
async function setPassword(
  { accounts }: Pick<IdentityDeps, 'accounts'>,
  trx: IdentityTransaction,
  { id, email, password }: { id: string; email: string; password: string },
): Promise<void> {
  await requireGoodPassword(trx, { email, password });
  await lockPassword(trx, id);
  const present = await findPasswordHash(trx, id);
  if (present === undefined) throw new Conflict('password.none', 'This account has no password.');
  for (const hash of new Set([present, ...(await findOldHashes(trx, id))]))
    if (await accounts.isPassword(hash, password)) throw badPassword('password', 'This was one of your last five passwords.');
  await replaceHash(trx, { userId: id, hash: await accounts.hash(password) });
  await voidResetLinks(trx, id);
}

interface OwnProof {
  password: string;
  /** The field of the request that holds it. */
  path: string;
  /** What must hold besides, before the attempt counts as one that succeeded. */
  also?: (person: Person) => Promise<void>;
  call: Call;
}

/** Whoever found an open session must still know the password: guesses count as failed sign-ins. @throws InvalidInput, TooMany */
export async function requireOwnPassword({ db, accounts, attempts }: IdentityDeps, actor: Actor, { password, path, also, call }: OwnProof): Promise<Person> {
  const { userId, workspaceId } = userOf(actor);
  const person = await findPerson(db, { id: userId, workspaceId });
  const hash = await findPasswordHash(db, userId);
  if (!person || hash === undefined) throw new Conflict('password.none', 'This account has no password.', { hint: 'Sign in with an account of a person.' });
  const attempt = { email: person.email, address: call.address };
  await attempts.begin(attempt);
  if (!(await accounts.isPassword(hash, password)))
    throw badPassword(path, 'Your present password is another one.', 'Check it; after a few wrong ones each further try has to wait.');
  await also?.(person);
  await attempts.succeed(attempt);
  return person;
}

export async function changeMyPassword(
  deps: IdentityDeps,
  actor: Actor,
  { current, password, call }: { current: string; password: string; call: Call },
): Promise<{ ended: number }> {
  const person = await requireOwnPassword(deps, actor, { password: current, path: 'current', call });
  return deps.db.transaction().execute(async (trx) => {
    await setPassword(deps, trx, { ...person, password });
    const ended = await endSessionsOf(trx, { userId: person.id, but: actor.sessionId });
    await recordAudit(trx, actor, { action: 'password.changed', object: { type: 'user', id: person.id, title: person.email } });
    return { ended };
  });
}

/**
 * The answer tells nothing about the account, in time neither: what it takes to mail a link happens after it.
 * @throws TooMany, Conflict when mail is not configured
 */
export async function forgotPassword(deps: IdentityDeps, { email, call }: { email: string; call: Call }): Promise<{ accepted: true }> {
  await deps.attempts.askMail({ email, address: call.address });
  if (!(await deps.mailer.isConfigured())) throw notConfigured();
  void mailResetLink(deps, { email, origin: call.origin }).catch((error: unknown) =>
    deps.log.error({ err: error }, 'A link to reset a password was not mailed.'),
  );
  return { accepted: true };
}

export function notConfigured(): Conflict {
  return new Conflict('mail.not_configured', 'This installation has no mail server, so it cannot mail you a link.', {
    hint: 'Ask an administrator for a link.',
  });
}

// Only to confirmed addresses: an invitation may have been handed over with a slip in the address, which is then somebody else's.
async function mailResetLink(deps: IdentityDeps, { email, origin }: { email: string; origin: string }): Promise<void> {
  const person = await findPerson(deps.db, { email });
  if (!person?.emailVerified) return;
  // Who signs in through a provider alone must not make himself a way past it.
  if ((await findPasswordHash(deps.db, person.id)) === undefined) return;
  await deps.db.transaction().execute((trx) => makeResetLink(deps, trx, { person, origin, createdBy: person.email, mailed: true }));
}

async function makeResetLink(
  { mailer }: IdentityDeps,
  trx: IdentityTransaction,
  { person, origin, createdBy, mailed }: { person: Person; origin: string; createdBy: string; mailed: boolean },
): Promise<{ link: string; expiresAt: Date }> {
  const token = newToken();
  const expiresAt = new Date(Date.now() + accountLinkMs);
  const link = `${origin}/account-link/${token}`;
  await insertAccountLink(trx, { id: newId(), userId: person.id, purpose: 'password-reset', tokenHash: hashToken(token), mailed, createdBy, expiresAt });
  if (mailed) await mailer.enqueue(trx, resetMail({ to: person.email, link, until: expiresAt }));
  return { link, expiresAt };
}

export async function sendPasswordReset(
  deps: IdentityDeps,
  actor: Actor,
  { id, origin }: { id: string; origin: string },
): Promise<{ email: string; mailed: boolean; link: string | null; expiresAt: string }> {
  requirePermission(actor, 'user.edit');
  const person = await findPerson(deps.db, { id, workspaceId: actor.workspaceId });
  if (!person) throw new NotFound('user.unknown', 'There is no such person in this workspace.');
  await requireAccountInReach(deps.db, actor, id);
  if ((await findPasswordHash(deps.db, id)) === undefined)
    throw new Conflict('password.none', 'This account has no password: it signs in through a provider.', { hint: 'See Admin > Single sign-on.' });
  const mailed = await deps.mailer.isConfigured();
  if (!mailed) await requireRightsOf(deps.db, actor, person);
  return deps.db.transaction().execute(async (trx) => {
    const { link, expiresAt } = await makeResetLink(deps, trx, { person, origin, createdBy: actor.label, mailed });
    await recordAudit(trx, actor, { action: 'password.reset_sent', object: { type: 'user', id, title: person.email }, after: { mailed } });
    return { email: person.email, mailed, link: mailed ? null : link, expiresAt: expiresAt.toISOString() };
  });
}

const spent = { used: 'This link was used already.', expired: 'This link has expired.', unknown: 'There is no such link; a newer one may have replaced it.' };

/** @throws NotFound when it cannot be used (any more) */
export async function showAccountLink(db: Db, token: string, purpose?: AccountLink['purpose']): Promise<AccountLink> {
  const link = await findAccountLink(db, hashToken(token));
  if (link?.state === 'open' && (purpose === undefined || link.purpose === purpose)) return link;
  const state = link === undefined || link.state === 'open' ? 'unknown' : link.state;
  throw new NotFound(`link.${state}`, spent[state], { hint: 'Ask for a new one.' });
}

/** Does not sign in: a second factor is still to be asked for. @throws NotFound, InvalidInput */
export async function resetPassword(
  deps: IdentityDeps,
  { token, password, call }: { token: string; password: string; call: Call },
): Promise<{ ended: number }> {
  const link = await showAccountLink(deps.db, token, 'password-reset');
  const { userId, email } = link;
  return deps.db.transaction().execute(async (trx) => {
    if (!(await useAccountLink(trx, hashToken(token), 'password-reset'))) throw new NotFound('link.used', spent.used);
    await setPassword(deps, trx, { id: userId, email, password });
    if (link.mailed) await markEmailVerified(trx, userId);
    const ended = await endSessionsOf(trx, { userId });
    await recordReset(trx, { userId, email, call });
    return { ended };
  });
}

async function recordReset(trx: IdentityTransaction, { userId, email, call }: { userId: string; email: string; call: Call }): Promise<void> {
  const member = await findMemberByEmail(trx, email);
  const via = { requestId: call.requestId, address: call.address };
  if (member)
    await recordAudit(
      trx,
      { userId, label: email, workspaceId: member.workspaceId, via },
      { action: 'password.reset', object: { type: 'user', id: userId, title: email } },
    );
}

// Codes by mail as a second factor: six digits, good for the one sign-in that waits for them.
import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { Conflict, TooMany } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import { deriveKey } from '../../base/aead.ts';
import type { Call } from '../../base/endpoint.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { codeMail } from './account-mails.ts';
import { setEmailFactor } from './email-code.store.ts';
import { findProfile } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { findRules } from './rules.store.ts';
import { findMethods, lockMethods } from './second-factor.store.ts';
import { noteCode, tryCode } from './second-factor-pending.store.ts';
import { pendingHash, requirePending } from './second-factor-pending.ts';
import { type Proof, partWithMethod, requireProof, welcomeMethod } from './second-factor-proof.ts';
import { userOf } from './session-cookie.ts';

const codeMinutes = 10;
const tries = 5;
const mostSent = 3;
const pauseSeconds = 20;

const faults = {
  not_allowed: ['The rules of signing in allow no codes by mail.', 'Set up an authenticator app or a passkey.'],
  not_confirmed: ['Your address is not confirmed, so no code can be mailed to it.', 'Confirm it first: your profile page offers to mail you a link.'],
  no_mail: ['This installation has no mail server, so no code can be mailed.', 'Ask an administrator to set one, or use another second factor.'],
} as const;
type Fault = keyof typeof faults;

/** Why no code can be mailed to the user, first reason first. */
export async function emailCodeFault({ db, mailer }: Pick<IdentityDeps, 'db' | 'mailer'>, actor: Actor): Promise<Fault | null> {
  if (!(await findRules(db)).emailCodeAllowed) return 'not_allowed';
  if (!(await findProfile(db, userOf(actor)))?.emailVerified) return 'not_confirmed';
  return (await mailer.isConfigured()) ? null : 'no_mail';
}

function refused(fault: Fault): Conflict {
  const [message, hint] = faults[fault];
  return new Conflict(`email_code.${fault}`, message, { hint });
}

/** @throws Conflict when it cannot be on, or must not be off */
export async function switchEmailCode(
  deps: IdentityDeps,
  actor: Actor,
  { on, required, ...proof }: Proof & { on: boolean; required: boolean },
): Promise<{ recoveryCodes: string[] | null }> {
  const { id } = await requireProof(deps, actor, proof);
  const fault = on ? await emailCodeFault(deps, actor) : null;
  if (fault !== null) throw refused(fault);
  return deps.db.transaction().execute(async (trx) => {
    const before = await lockMethods(trx, id);
    if (!(await setEmailFactor(trx, { userId: id, on }))) return { recoveryCodes: null };
    const action = on ? 'email_code.switched_on' : 'email_code.switched_off';
    await recordAudit(trx, actor, { action, object: { type: 'user', id, title: actor.label } });
    if (on) return welcomeMethod(trx, { userId: id, before, sessionId: actor.sessionId });
    await partWithMethod(trx, { userId: id, required });
    return { recoveryCodes: null };
  });
}

/** @throws NotSignedIn without a sign-in that waits, Conflict, TooMany */
export async function mailCode({ db, mailer, attempts, masterKey }: IdentityDeps, call: Call): Promise<{ sentTo: string; expiresAt: string; left: number }> {
  const { userId, email, emailVerified, tokenHash } = await requirePending(db, call);
  if (!(await findMethods(db, userId)).includes('email'))
    throw new Conflict('email_code.off', 'Codes by mail are not switched on for this account.', { hint: 'Use another way.' });
  if (!emailVerified) throw refused('not_confirmed');
  if (!(await mailer.isConfigured())) throw refused('no_mail');
  await attempts.askCode(email);
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const expiresAt = new Date(Date.now() + codeMinutes * 60_000);
  return db.transaction().execute(async (trx) => {
    const sent = await noteCode(trx, { tokenHash, codeHash: hashOf(masterKey, { tokenHash, code }), expiresAt, most: mostSent, pauseSeconds });
    if (sent === undefined)
      throw new TooMany('email_code.too_many', `A code was mailed a moment ago, or ${mostSent} codes were mailed for this sign-in.`, {
        hint: `Wait ${pauseSeconds} s, or begin again with your password.`,
      });
    await mailer.enqueue(trx, codeMail({ to: email, code, until: expiresAt }));
    return { sentTo: masked(email), expiresAt: expiresAt.toISOString(), left: mostSent - sent };
  });
}

/** Whether this is the code that was mailed for the sign-in that waits in this browser. */
export async function isMailedCode(
  { db, masterKey }: Pick<IdentityDeps, 'db' | 'masterKey'>,
  { userId, code, call }: { userId: string; code: string; call: Call },
): Promise<boolean> {
  const tokenHash = pendingHash(call);
  const plain = code.replace(/[\s-]/g, '');
  if (tokenHash === undefined || !/^\d{6}$/.test(plain) || !(await findMethods(db, userId)).includes('email')) return false;
  const hash = await tryCode(db, { tokenHash, userId, most: tries });
  return hash !== undefined && timingSafeEqual(Buffer.from(hash), Buffer.from(hashOf(masterKey, { tokenHash, code: plain })));
}

function hashOf(masterKey: Buffer, { tokenHash, code }: { tokenHash: string; code: string }): string {
  return createHmac('sha256', deriveKey(masterKey, 'identity/email-code')).update(`${tokenHash}:${code}`).digest('hex');
}

/** Enough to know which mailbox to look into. */
function masked(email: string): string {
  return email.replace(/^(.)[^@]*/, '$1•••');
}

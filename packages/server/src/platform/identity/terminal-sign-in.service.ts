// A terminal signs in by the browser of its owner: however that person signs in there, the terminal gets a session of its own.
import { createHash } from 'node:crypto';
import { NotAllowed, NotSignedIn } from '@tidewheel/contract/errors';
import type { TokenPair } from '@tidewheel/contract/routes/tokens';
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { newId, newToken } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { IdentityDb, IdentityTransaction } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { findFamilyWorkspace, keepFamilyWorkspace } from './refresh-family.store.ts';
import { userOf } from './session-cookie.ts';
import { endSurplusSessions } from './sessions.store.ts';
import { visitorOf } from './sign-in.service.ts';
import { insertSibling, insertTerminal, type Sibling, takeTerminal } from './terminal-sign-in.store.ts';
import { notMember, pairOf } from './token-pair.service.ts';
import { hashToken, newRefreshToken } from './tokens.ts';

/** Somebody may have to carry the code to another machine. */
const minutes = 5;

const browserOnly = () =>
  new NotAllowed('terminal.browser_only', 'Only a browser in which you are signed in lets a terminal in.', {
    hint: 'Open the address that `tidewheel login --browser` prints in a browser. A program gives an API token instead.',
  });
const refused = () =>
  new NotSignedIn('terminal.refused', 'This code does not let the terminal in (any more).', {
    hint: 'A code works once, within five minutes, for the terminal that asked. Run `tidewheel login --browser` again.',
  });

/** @throws NotAllowed unless a browser's session asks */
export async function allowTerminal(
  db: IdentityDb,
  actor: Actor,
  { challenge, title }: { challenge: string; title: string },
): Promise<{ code: string; expiresAt: string }> {
  const { userId, workspaceId } = userOf(actor);
  const { sessionId } = actor;
  if (sessionId === undefined) throw browserOnly();
  const code = newToken();
  const expiresAt = await db.transaction().execute(async (trx) => {
    const until = await insertTerminal(trx, { codeHash: hashToken(code), challenge, sessionId, workspaceId, title, minutes });
    if (until === undefined) throw browserOnly();
    await recordAudit(trx, actor, { action: 'session.terminal_allowed', object: { type: 'user', id: userId, title: actor.label }, after: { terminal: title } });
    return until;
  });
  return { code, expiresAt: expiresAt.toISOString() };
}

/** The code is gone whatever comes of it. @throws NotSignedIn, NotAllowed */
export async function enterTerminal(
  deps: Pick<IdentityDeps, 'db' | 'accessTokens'>,
  { code, verifier }: { code: string; verifier: string },
  call: Call,
): Promise<TokenPair> {
  const allowed = await takeTerminal(deps.db, hashToken(code));
  if (allowed?.challenge !== createHash('sha256').update(verifier).digest('base64url')) throw refused();
  const refreshToken = newRefreshToken();
  const { address, agent } = visitorOf(call);
  const issued = await deps.db.transaction().execute(async (trx) => {
    const made = { id: newId(), refreshHash: hashToken(refreshToken), of: allowed, address, agent: agent?.slice(0, 300) ?? null };
    const sibling = await insertSibling(trx, made);
    if (!sibling) throw refused();
    const workspaceId = await settleWorkspace(trx, sibling, call);
    const actor = { userId: sibling.userId, label: sibling.email, workspaceId, via: { requestId: call.requestId, address } };
    const object = { type: 'user', id: sibling.userId, title: sibling.email };
    await recordAudit(trx, actor, { action: 'session.signed_in', object, after: { terminal: allowed.title } });
    await endSurplusSessions(trx, sibling.userId);
    return { ...sibling, workspaceId };
  });
  return pairOf(deps, { ...issued, refreshToken });
}

/** The one that the terminal names, else that in which it was let in. @throws NotAllowed */
async function settleWorkspace(trx: IdentityTransaction, { userId, sessionId }: Sibling, call: Call): Promise<string> {
  const workspaceId = await findFamilyWorkspace(trx, { userId, sessionId, workspace: call.workspace });
  if (workspaceId === undefined) throw notMember();
  await keepFamilyWorkspace(trx, { sessionId, workspaceId });
  return workspaceId;
}

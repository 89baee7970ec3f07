// Audit entries about sessions. Nobody is signed in yet or any more there, so who it concerns is looked up by e-mail or session.
import type { AuditAction } from '@tidewheel/contract/audit-actions';
import type { Call } from '../../base/endpoint.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { findMainWorkspace, findMemberByEmail, type Holder, type IdentityDb } from './identity.store.ts';

type SessionAction = Extract<AuditAction, `session.${string}`>;

export async function recordSession(
  db: IdentityDb,
  action: SessionAction,
  { userId, email, workspaceId, means }: Pick<Holder, 'userId' | 'email' | 'workspaceId'> & { means?: { provider: string } | undefined },
  call: Call,
): Promise<void> {
  const actor = { userId, label: email, workspaceId, via: viaOf(call) };
  await db.transaction().execute((trx) => recordAudit(trx, actor, { action, object: { type: 'user', id: userId, title: email }, after: means }));
}

/** People type passwords into the e-mail field: only the name of an account that exists is kept. */
export async function recordFailedSignIn(db: IdentityDb, typed: string, call: Call): Promise<void> {
  const member = await findMemberByEmail(db, typed);
  const workspaceId = member?.workspaceId ?? (await findMainWorkspace(db));
  if (workspaceId === undefined) return;
  const object = member ? { type: 'user', id: member.userId, title: member.email } : null;
  const actor = { userId: null, kind: 'nobody' as const, label: member?.email ?? 'unknown account', workspaceId, via: viaOf(call) };
  await db.transaction().execute((trx) => recordAudit(trx, actor, { action: 'session.sign_in_failed', object }));
}

function viaOf({ requestId, address }: Call) {
  return { requestId, address };
}

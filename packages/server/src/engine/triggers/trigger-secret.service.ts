// The secret of a webhook: given once, sealed, and changed with an overlap in which the one before counts too.
import { randomBytes } from 'node:crypto';
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import type { Trigger } from '@tidewheel/contract/trigger';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import { existingTrigger } from './trigger-access.ts';
import { secretPurpose, type TriggerDeps } from './trigger-deps.ts';
import { viewTrigger } from './trigger-view.ts';
import { changeTrigger, type TriggerRow } from './triggers.store.ts';

/** As it is sealed. */
export interface HookSecret {
  current: string;
  previous: string | null;
}

/** @throws Conflict for a kind without a secret, InvalidInput for one that its mode cannot use */
export async function setSecret(
  deps: TriggerDeps,
  actor: Actor,
  { slug, secret, overlapHours }: { slug: string; secret?: string | undefined; overlapHours: number },
): Promise<{ secret: string; trigger: Trigger }> {
  requirePermission(actor, 'trigger.edit');
  const { workspaceId } = actor;
  const known = await inWorkspace(deps.databases.app, workspaceId, (trx) => existingTrigger(trx, actor, { slug, permission: 'trigger.edit' }));
  if (known.kind !== 'webhook')
    throw new Conflict('trigger.no_secret', `The trigger "${slug}" is no webhook: it has no secret.`, { hint: 'Its connection has one.' });
  const current = secret ?? madeSecret(known);
  refuseUnusable(known, current);
  const before = known.credential_id && overlapHours > 0 ? await openSecret(deps, { ...known, credential_id: known.credential_id }) : null;
  const until = before ? new Date(Date.now() + overlapHours * 3_600_000) : null;
  const row = await inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    const locked = await existingTrigger(trx, actor, { slug, permission: 'trigger.edit', lock: true });
    if (locked.secret_version !== known.secret_version)
      throw new Conflict('trigger.changed', `The secret of "${slug}" was changed meanwhile.`, { hint: 'Look at it and try again.' });
    const sealed: HookSecret = { current, previous: before?.current ?? null };
    const credentialId = await deps.vault.seal(trx, {
      workspaceId,
      credentialId: locked.credential_id ?? undefined,
      purpose: secretPurpose,
      secret: { ...sealed },
    });
    await changeTrigger(trx, locked.id, {
      credential_id: credentialId,
      secret_version: locked.secret_version + 1,
      secret_set_at: new Date(),
      secret_previous_until: until,
    });
    const after = { overlapHours: before ? overlapHours : 0, given: secret !== undefined };
    await recordAudit(trx, actor, { action: 'trigger.secret_set', object: { type: 'trigger', id: locked.id, title: slug }, after });
    return existingTrigger(trx, actor, { slug, permission: 'trigger.read' });
  });
  return { secret: current, trigger: viewTrigger(actor, { row, origin: deps.origin() }) };
}

export async function openSecret(
  { vault }: Pick<TriggerDeps, 'vault'>,
  { workspace_id, credential_id }: { workspace_id: string; credential_id: string },
): Promise<HookSecret & { release(): void }> {
  const { secret, release } = await vault.open({ workspaceId: workspace_id, credentialId: credential_id, purpose: secretPurpose });
  return { current: String(secret['current']), previous: secret['previous'] === null ? null : String(secret['previous']), release };
}

function madeSecret({ config }: TriggerRow): string {
  return config['mode'] === 'standard' ? `whsec_${randomBytes(32).toString('base64')}` : randomBytes(32).toString('base64url');
}

/** Standard Webhooks: 24 to 64 bytes in base64, after `whsec_`. */
function refuseUnusable({ config }: TriggerRow, secret: string): void {
  if (config['mode'] !== 'standard') return;
  const text = secret.replace(/^whsec_/, '');
  const bytes = Buffer.from(text, 'base64').length;
  if (/^[A-Za-z0-9+/]+=*$/.test(text) && bytes >= 24 && bytes <= 64) return;
  throw new InvalidInput('trigger.secret', 'A secret of Standard Webhooks is whsec_ and 24 to 64 bytes in base64.', {
    hint: 'Leave it out: a new one is made.',
    details: { faults: [{ path: 'secret', message: 'must be whsec_ and 24 to 64 bytes in base64', severity: 'error' }] },
  });
}

// Which credentials somebody may see, change and have sent somewhere: asked with the row in hand.
import type { Attributes } from '@tidewheel/contract/ability';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { requireOn } from '../../base/object-access.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { findNamed, listNamed, type NamedCredential, namedInUse, unknownCredential } from './named.store.ts';

/** What rules can say of a credential. */
export function credentialObject({ slug, type }: { slug: string; type: string }): Attributes {
  return { credential: slug, type };
}

export interface WantedCredential {
  slug: string;
  permission: 'credential.read' | 'credential.edit';
  /** Also one that is archived; else NotFound. */
  archivedToo?: boolean;
  lock?: 'share' | 'update';
}

/** @throws NotFound with the closest name, also for one that the actor may not read; NotAllowed for one that he may only read */
export async function credentialFor(
  trx: WorkspaceTransaction,
  actor: Actor,
  { slug, permission, archivedToo, lock }: WantedCredential,
): Promise<NamedCredential> {
  const row = await findNamed(trx, slug);
  if (row && may(actor, permission, credentialObject(row))) {
    requirePermission(actor, permission, credentialObject(row));
    return archivedToo ? row : namedInUse(trx, slug, lock ? { lock } : {});
  }
  const seen = (await listNamed(trx)).filter((one) => may(actor, 'credential.read', credentialObject(one)));
  if (!row) throw unknownCredential(slug, seen);
  requireOn(actor, { permission, read: 'credential.read', object: credentialObject(row), unknown: () => unknownCredential(slug, seen) });
  return row;
}

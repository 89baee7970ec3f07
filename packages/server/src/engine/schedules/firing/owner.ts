// In whose name a schedule starts runs: its owner, with the rights that he has at that moment.
import { NotAllowed } from '@tidewheel/contract/errors';
import type { Actor } from '../../../base/actor.ts';
import { abilityOf } from '../../../platform/identity/access.ts';

export interface Owned {
  workspace_id: string;
  slug: string;
  owner_id: string | null;
  owner_label: string;
  /** What identity.access_of says of the owner; null: he is no member any more. */
  access: string | null;
}

/** @throws NotAllowed `schedule.owner_gone` */
export function ownerOf({ workspace_id: workspaceId, slug, owner_id, owner_label: label, access }: Owned): Actor {
  if (owner_id === null) return { userId: null, label, workspaceId, role: null, permissions: new Set(['flow.run', 'flow.read', 'run.read']) };
  if (access === null)
    throw new NotAllowed('schedule.owner_gone', `The schedule "${slug}" starts runs in the name of ${label}, who is no member of this workspace any more.`, {
      hint: 'Whoever may run the flow can save the schedule: then it is his.',
    });
  const ability = abilityOf(access);
  return { userId: owner_id, label, workspaceId, role: null, permissions: ability.permissions, ability };
}

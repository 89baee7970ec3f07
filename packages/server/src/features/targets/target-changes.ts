// What the change log may take back of hosts and their groups.
import type { TargetChange } from '@tidewheel/contract/target';
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange } from '../../base/change-module.ts';
import { endMaintenance, startMaintenance } from './maintenance.ts';
import { archiveTargetGroup, createTargetGroup, showTargetGroup, updateTargetGroup } from './target-groups.service.ts';
import { archiveTarget, restoreTarget, showTarget, type TargetDeps, updateTarget } from './targets.service.ts';

interface Held {
  maintenance: { from: string; until: string | null; reason: string } | null;
}

export function targetChanges(deps: TargetDeps): ChangeModule {
  const present = (actor: Actor, { object }: LoggedChange) => showTarget(deps, actor, object.id);
  return {
    name: 'targets',
    title: 'Targets',
    sees: 'target.read',
    reverts: {
      'target.created': async (actor, change) => {
        fieldsBack({ change, present: await present(actor, change) });
        await archiveTarget(deps, actor, change.object.id);
      },
      'target.updated': async (actor, change) => {
        const back = fieldsBack({ change, present: await present(actor, change) });
        await updateTarget(deps, actor, { asked: change.object.id, ...(back as TargetChange) });
      },
      'target.archived': async (actor, { object }) => void (await restoreTarget(deps, actor, object.id)),
      'target.restored': async (actor, { object }) => void (await archiveTarget(deps, actor, object.id)),
      'target.maintenance_started': (actor, change) => maintenanceBack(deps, actor, change),
      'target.maintenance_ended': (actor, change) => maintenanceBack(deps, actor, change),
      'target_group.created': async (actor, change) => {
        fieldsBack({ change, present: await showTargetGroup(deps, actor, change.object.title) });
        await archiveTargetGroup(deps, actor, change.object.title);
      },
      'target_group.updated': async (actor, change) => {
        const now = await showTargetGroup(deps, actor, change.object.title);
        const { title, description, query } = { ...now, ...fieldsBack({ change, present: now }) };
        await updateTargetGroup(deps, actor, { slug: change.object.title, title, description, query });
      },
      'target_group.archived': async (actor, { object, before }) => {
        const { title, description, query } = before as { title: string; description: string; query: string | null };
        await createTargetGroup(deps, actor, { slug: object.title, title, description, query });
      },
    },
  };
}

async function maintenanceBack(deps: TargetDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const { maintenance } = await showTarget(deps, actor, change.object.id);
  const present: Held = { maintenance: maintenance && { from: maintenance.from, until: maintenance.until, reason: maintenance.reason } };
  const { maintenance: back } = fieldsBack({ change, present }) as unknown as Held;
  if (back) await startMaintenance(deps, actor, { asked: change.object.id, ...back });
  else await endMaintenance(deps, actor, change.object.id);
}

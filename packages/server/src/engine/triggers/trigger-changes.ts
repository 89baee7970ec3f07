// What the change log may take back of triggers. Secrets are in no log: a webhook that comes back needs a new one.
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange, superseded } from '../../base/change-module.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { archiveTrigger, pauseTrigger, restoreTrigger, resumeTrigger, showTrigger, updateTrigger } from './triggers.service.ts';

interface Logged {
  title: string;
  config: Record<string, unknown>;
  parameters: Record<string, string>;
  condition: string | null;
}

export function triggerChanges(deps: TriggerDeps): ChangeModule {
  return {
    name: 'triggers',
    title: 'Triggers',
    sees: 'trigger.read',
    reverts: {
      'trigger.created': async (actor, { object }) => void (await archiveTrigger(deps, actor, object.title)),
      'trigger.updated': (actor, change) => revertUpdated(deps, actor, change),
      'trigger.paused': (actor, change) => setPaused(deps, actor, { change, paused: false }),
      'trigger.resumed': (actor, change) => setPaused(deps, actor, { change, paused: true }),
      'trigger.archived': async (actor, { object }) => void (await restoreTrigger(deps, actor, object.title)),
      'trigger.restored': async (actor, { object }) => void (await archiveTrigger(deps, actor, object.title)),
    },
    shows: {
      'trigger.secret_set': 'The secret before is not kept in clear: give the webhook a new one.',
      'trigger.replayed': 'A run was started: cancel the run.',
    },
  };
}

/** Whoever takes it back becomes the owner, as with any change. */
async function revertUpdated(deps: TriggerDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const present = settingsOf(await showTrigger(deps, actor, change.object.title));
  const back = fieldsBack({ change: { ...change, before: settingsOf(change.before as Logged), after: settingsOf(change.after as Logged) }, present });
  await updateTrigger(deps, actor, { slug: change.object.title, ...present, ...(back as Partial<Logged>) });
}

function settingsOf({ title, config, parameters, condition }: Logged): Logged {
  return { title, config, parameters, condition };
}

async function setPaused(deps: TriggerDeps, actor: Actor, { change, paused }: { change: LoggedChange; paused: boolean }): Promise<void> {
  const slug = change.object.title;
  const now = await showTrigger(deps, actor, slug);
  if ((now.paused !== null) === paused) throw superseded(change, `The trigger "${slug}" is ${paused ? 'paused' : 'active'} already.`);
  await (paused ? pauseTrigger : resumeTrigger)(deps, actor, slug);
}

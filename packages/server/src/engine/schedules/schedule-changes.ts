// What the change log may take back of schedules. Whoever takes it back becomes the owner, as with any change.
import type { ScheduleDefinition } from '@tidewheel/contract/schedule';
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange, superseded } from '../../base/change-module.ts';
import { moveOccurrence, resetOccurrence, skipOccurrence } from './occurrences.service.ts';
import type { ScheduleDeps } from './schedule-deps.ts';
import { startScheduler, stopScheduler } from './scheduler-control.service.ts';
import { activateSchedule, archiveSchedule, pauseSchedule, restoreSchedule, showSchedule, updateSchedule } from './schedules.service.ts';

export function scheduleChanges(deps: ScheduleDeps): ChangeModule {
  return {
    name: 'schedules',
    title: 'Schedules',
    sees: 'schedule.read',
    reverts: {
      'schedule.created': async (actor, change) => {
        const { definition } = await showSchedule(deps, actor, change.object.title);
        fieldsBack({ change, present: definition });
        await archiveSchedule(deps, actor, change.object.title);
      },
      'schedule.updated': (actor, change) => revertUpdated(deps, actor, change),
      'schedule.paused': (actor, change) => setState(deps, actor, { change, from: 'paused', by: activateSchedule }),
      'schedule.activated': (actor, change) => setState(deps, actor, { change, from: 'active', by: pauseSchedule }),
      'schedule.archived': (actor, change) => setState(deps, actor, { change, from: 'archived', by: restoreSchedule }),
      'schedule.restored': (actor, change) => setState(deps, actor, { change, from: 'paused', by: archiveSchedule }),
      'schedule.occurrence_changed': (actor, change) => revertOccurrence(deps, actor, change),
      'scheduler.stopped': async (actor) => void (await startScheduler(deps, actor)),
      'scheduler.started': async (actor) => void (await stopScheduler(deps, actor, 'taken back')),
    },
  };
}

async function revertUpdated(deps: ScheduleDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const { definition, slug, revision } = await showSchedule(deps, actor, change.object.title);
  const back = fieldsBack({ change, present: definition });
  await updateSchedule(deps, actor, { ...definition, ...(back as Partial<ScheduleDefinition>), slug, revision });
}

interface Turn {
  change: LoggedChange;
  from: string;
  by(deps: ScheduleDeps, actor: Actor, slug: string): Promise<unknown>;
}

async function setState(deps: ScheduleDeps, actor: Actor, { change, from, by }: Turn): Promise<void> {
  const { state, slug } = await showSchedule(deps, actor, change.object.title);
  if (state !== from) throw superseded(change, `The schedule "${slug}" is ${state} by now.`);
  await by(deps, actor, slug);
}

interface LoggedOccurrence {
  instant: string;
  to: string | null;
}

async function revertOccurrence(deps: ScheduleDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const slug = change.object.title;
  const before = (change.before ?? { instant: (change.after as LoggedOccurrence).instant, to: (change.after as LoggedOccurrence).instant }) as LoggedOccurrence;
  const { instant, to } = before;
  if (to === null) await skipOccurrence(deps, actor, { slug, instant });
  else if (to === instant) await resetOccurrence(deps, actor, { slug, instant });
  else await moveOccurrence(deps, actor, { slug, instant, to });
}

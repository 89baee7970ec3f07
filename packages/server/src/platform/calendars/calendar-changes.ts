// What the change log may take back of calendars. Rules come back as a version that says what an older one said.
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, type LoggedChange, superseded } from '../../base/change-module.ts';
import { archiveCalendar, type CalendarDeps, changeCalendar, restoreCalendar, showCalendar } from './calendars.service.ts';

interface Logged {
  title: string;
  description: string;
  version: number;
}

export function calendarChanges(deps: CalendarDeps): ChangeModule {
  return {
    name: 'calendars',
    title: 'Calendars',
    sees: 'calendar.read',
    reverts: {
      'calendar.created': async (actor, change) => {
        await unchanged(deps, actor, change);
        await archiveCalendar(deps, actor, change.object.title);
      },
      'calendar.changed': (actor, change) => revertChanged(deps, actor, change),
      'calendar.archived': async (actor, { object }) => void (await restoreCalendar(deps, actor, object.title)),
      'calendar.restored': async (actor, { object }) => void (await archiveCalendar(deps, actor, object.title)),
    },
  };
}

async function revertChanged(deps: CalendarDeps, actor: Actor, change: LoggedChange): Promise<void> {
  await unchanged(deps, actor, change);
  const slug = change.object.title;
  const { title, description, version } = change.before as Logged;
  const { definition } = await showCalendar(deps, actor, { slug, version });
  await changeCalendar(deps, actor, { slug, title, description, definition, note: `As version ${version}: a change was taken back` });
}

/** @throws Conflict `change.superseded` */
async function unchanged(deps: CalendarDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const slug = change.object.title;
  const now = await showCalendar(deps, actor, { slug });
  const { title, description, version } = change.after as Logged;
  if (now.version !== version) throw superseded(change, `The calendar "${slug}" has version ${now.version} by now; this change left version ${version}.`);
  if (now.title !== title || now.description !== description) throw superseded(change, `The calendar "${slug}" was renamed or described anew since.`);
}

// The schedules that name a calendar.
import type { CalendarUsage } from '@tidewheel/contract/routes/calendars';
import { type Actor, may } from '../../base/actor.ts';
import type { CalendarUses } from '../../platform/calendars/calendar-uses.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { calendarNamesIn } from '../expressions/calendar-names.ts';
import { calendarsOf } from './planning.ts';
import { scheduleObject } from './schedule-access.ts';
import { findTimings } from './schedules.store.ts';

export const schedulesOfCalendar: CalendarUses = async (trx: WorkspaceTransaction, actor: Actor, slug: string): Promise<CalendarUsage> => {
  const users = (await findTimings(trx)).filter(({ timing, parameters }) => {
    const inExpressions = calendarNamesIn(parameters);
    return calendarsOf(timing).includes(slug) || (Array.isArray(inExpressions) && inExpressions.includes(slug));
  });
  const seen = users.filter((user) => may(actor, 'schedule.read', scheduleObject(user)));
  return { uses: seen.map((user) => ({ kind: 'schedule', slug: user.slug, title: user.title })), hidden: users.length - seen.length };
};

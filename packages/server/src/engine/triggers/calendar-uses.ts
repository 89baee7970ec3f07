// The triggers whose expressions name a calendar.
import type { CalendarUsage } from '@tidewheel/contract/routes/calendars';
import { type Actor, may } from '../../base/actor.ts';
import type { CalendarUses } from '../../platform/calendars/calendar-uses.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { calendarNamesIn } from '../expressions/calendar-names.ts';
import { triggerObject } from './trigger-view.ts';
import { findExpressions } from './triggers.store.ts';

export const triggersOfCalendar: CalendarUses = async (trx: WorkspaceTransaction, actor: Actor, slug: string): Promise<CalendarUsage> => {
  const users = (await findExpressions(trx)).filter(({ condition, parameters }) => {
    const names = calendarNamesIn({ condition, parameters });
    return Array.isArray(names) && names.includes(slug);
  });
  const seen = users.filter((user) => may(actor, 'trigger.read', triggerObject(user)));
  return { uses: seen.map((user) => ({ kind: 'trigger', slug: user.slug, title: user.title })), hidden: users.length - seen.length };
};

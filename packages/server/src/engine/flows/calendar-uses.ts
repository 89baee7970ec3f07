// The flows whose newest version names a calendar.
import type { CalendarUsage } from '@tidewheel/contract/routes/calendars';
import type { Actor } from '../../base/actor.ts';
import type { CalendarUses } from '../../platform/calendars/calendar-uses.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { calendarNamesIn } from '../expressions/calendar-names.ts';
import { findFlowsOfCalendars } from './calendar-uses.store.ts';
import { flowColumns } from './flows.store.ts';

/** A name that is computed could be any: such flows are not told, and find out when they run. */
export const flowsOfCalendar: CalendarUses = async (trx: WorkspaceTransaction, actor: Actor, slug: string): Promise<CalendarUsage> => {
  const found = await findFlowsOfCalendars(trx, permittedRows(actor, 'flow.read', flowColumns));
  const users = found.filter(({ document }) => {
    const names = calendarNamesIn(document);
    return Array.isArray(names) && names.includes(slug);
  });
  const seen = users.filter(({ isPermitted }) => isPermitted);
  return { uses: seen.map((user) => ({ kind: 'flow', slug: user.slug, title: user.title })), hidden: users.length - seen.length };
};

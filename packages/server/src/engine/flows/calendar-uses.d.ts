import type { CalendarUses } from '../../platform/calendars/calendar-uses.ts';
/** A name that is computed could be any: such flows are not told, and find out when they run. */
export declare const flowsOfCalendar: CalendarUses;

import type { CalendarUses } from '../../platform/calendars/calendar-uses.ts';
export declare const schedulesOfCalendar: CalendarUses;

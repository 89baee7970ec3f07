// Everything that may name a calendar, for "used by" and for what keeps one from being archived. The one list.
import { flowsOfCalendar } from '../engine/flows/calendar-uses.ts';
import { schedulesOfCalendar } from '../engine/schedules/calendar-uses.ts';
import { triggersOfCalendar } from '../engine/triggers/calendar-uses.ts';
import type { CalendarUses } from '../platform/calendars/calendar-uses.ts';

export const calendarUses: readonly CalendarUses[] = [flowsOfCalendar, schedulesOfCalendar, triggersOfCalendar];

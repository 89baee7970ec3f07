// Moments by the clock on somebody's wall. A time that the clock skips (DST) comes when it has skipped; one that it shows twice counts the first time.
import type { NotificationPreferences } from '@tidewheel/contract/notify';
import { Temporal } from 'temporal-polyfill';

/** When quiet hours that are on now will be over; null when they are not. They may go over midnight; from = to is the whole day, which is none. */
export function quietUntil({ quietHours, timeZone }: Pick<NotificationPreferences, 'quietHours' | 'timeZone'>, now: Date): Date | null {
  if (!quietHours || quietHours.from === quietHours.to) return null;
  const [from, to] = [Temporal.PlainTime.from(quietHours.from), Temporal.PlainTime.from(quietHours.to)];
  const here = zoned(now, timeZone);
  const today = here.toPlainDate();
  const overMidnight = Temporal.PlainTime.compare(from, to) > 0;
  // The spell that began yesterday may still be on.
  for (const day of [today.subtract({ days: 1 }), today]) {
    const start = at(day, from, timeZone);
    const end = at(overMidnight ? day.add({ days: 1 }) : day, to, timeZone);
    if (Temporal.ZonedDateTime.compare(start, here) <= 0 && Temporal.ZonedDateTime.compare(here, end) < 0) return dateOf(end);
  }
  return null;
}

/** When the next digest is due, after now; null without one. */
export function digestAt({ digest, digestAt: time, timeZone }: Pick<NotificationPreferences, 'digest' | 'digestAt' | 'timeZone'>, now: Date): Date | null {
  if (digest === 'off') return null;
  if (digest === 'hourly') return new Date((Math.floor(now.getTime() / 3_600_000) + 1) * 3_600_000);
  const here = zoned(now, timeZone);
  const today = at(here.toPlainDate(), Temporal.PlainTime.from(time), timeZone);
  const next = Temporal.ZonedDateTime.compare(today, here) > 0 ? today : at(here.toPlainDate().add({ days: 1 }), Temporal.PlainTime.from(time), timeZone);
  return dateOf(next);
}

function zoned(now: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
}

function at(day: Temporal.PlainDate, plainTime: Temporal.PlainTime, timeZone: string): Temporal.ZonedDateTime {
  return day.toZonedDateTime({ timeZone, plainTime });
}

function dateOf(moment: Temporal.ZonedDateTime): Date {
  return new Date(moment.epochMilliseconds);
}

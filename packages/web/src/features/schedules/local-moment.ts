// Dates and times on the clocks of a schedule's zone, as the browser knows them.

const dayMs = 86_400_000;

/** The dates shown: whole weeks from Monday around a month, or one week. */
export function shownDates(day: string, view: 'month' | 'week'): string[] {
  const first = view === 'month' ? `${day.slice(0, 7)}-01` : day;
  const start = Date.parse(first) - ((new Date(first).getUTCDay() + 6) % 7) * dayMs;
  if (view === 'week') return Array.from({ length: 7 }, (_, at) => dateOf(start + at * dayMs));
  const next = new Date(first);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const weeks = Math.ceil((next.getTime() - start) / (7 * dayMs));
  return Array.from({ length: weeks * 7 }, (_, at) => dateOf(start + at * dayMs));
}

export function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The month or week before or after. */
export function stepped(day: string, { view, by }: { view: 'month' | 'week'; by: 1 | -1 }): string {
  if (view === 'week') return dateOf(Date.parse(day) + by * 7 * dayMs);
  const month = new Date(`${day.slice(0, 7)}-01`);
  month.setUTCMonth(month.getUTCMonth() + by);
  return dateOf(month.getTime());
}

/** `2026-12-28T18:00:00` on the clocks of the zone, of an instant. */
export function localIn(timeZone: string, instant: string | number): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return format.format(new Date(instant)).replace(' ', 'T');
}

/** The instant at which the clocks of the zone show this; where they leap over it, the moment as much later. */
export function instantIn(timeZone: string, local: string): string {
  const wall = Date.parse(`${local.length === 16 ? `${local}:00` : local}Z`);
  const offset = (at: number) => Date.parse(`${localIn(timeZone, at)}Z`) - Math.floor(at / 1_000) * 1_000;
  const first = wall - offset(wall);
  return new Date(wall - offset(first)).toISOString();
}

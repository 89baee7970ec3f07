/** Where the product asks for the time, so that tests can set it. */
export interface Clock {
  now(): Date;
}
export const systemClock: Clock = { now: () => new Date() };

/** One a zone: making one costs a hundred times as much as using it, and every start of a run needs one. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** There are about six hundred zones, whose names can be written in many ways. */
const mostFormats = 2_000;

/** The calendar date `YYYY-MM-DD` of an instant in an IANA zone. @throws RangeError for an unknown zone */
export function dateInZone(instant: Date, timeZone: string): string {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  if (formats.size < mostFormats) formats.set(timeZone, format);
  return format.format(instant);
}

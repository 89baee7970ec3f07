// How times, durations, numbers and sizes are written everywhere.

const number = new Intl.NumberFormat('en-GB');
const dateTime = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23' });

export function formatCount(value: number): string {
  return number.format(value);
}

/** `12 rows`, `1 row`, `10,000+ runs`. */
export function formatTotal(options: { total: number; capped: boolean; one: string; many: string }): string {
  return `${formatCount(options.total)}${options.capped ? '+' : ''} ${options.total === 1 ? options.one : options.many}`;
}

const sizes = ['B', 'kB', 'MB', 'GB', 'TB'];
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < sizes.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : 1)} ${sizes[unit]}`;
}

/** `340 ms`, `4.2 s`, `3 min 05 s`, `2 h 10 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, '0')} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** In the zone of the person who reads it. */
export function formatInstant(iso: string): string {
  return dateTime.format(new Date(iso));
}
export function formatClock(iso: string): string {
  return clock.format(new Date(iso));
}
export function formatUtc(iso: string): string {
  return `${new Date(iso)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '')} UTC`;
}

const steps: [limit: number, size: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60_000, 1_000, 'second'],
  [3_600_000, 60_000, 'minute'],
  [86_400_000, 3_600_000, 'hour'],
  [30 * 86_400_000, 86_400_000, 'day'],
];
const months: (typeof steps)[number] = [Number.POSITIVE_INFINITY, 30 * 86_400_000, 'month'];
const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });

/** `2 minutes ago`, `in 3 days`; `just now` below five seconds. */
export function formatRelative(iso: string, now: number): string {
  const difference = Date.parse(iso) - now;
  const distance = Math.abs(difference);
  if (distance < 5_000) return 'just now';
  const [, size, unit] = steps.find(([limit]) => distance < limit) ?? months;
  return relative.format(Math.trunc(difference / size), unit);
}

/** A cell of a table or a value of a parameter as text; nested values as JSON. */
export function formatCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The time a thing took, or has taken so far. */
export function elapsedMs(span: { startedAt: string | null; finishedAt: string | null }, now: number): number | null {
  if (span.startedAt === null) return null;
  return (span.finishedAt === null ? now : Date.parse(span.finishedAt)) - Date.parse(span.startedAt);
}

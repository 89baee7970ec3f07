export type Plain = string | number | Date | null;

/**
 * An array as Postgres reads it, of values that need no escape: ids, numbers, times, words of ours. The driver looks through every sign of every element
 * and writes times in local time, which took a tenth of what a worker does; text that somebody else wrote is still the driver's to escape.
 */
export function plainArray(values: readonly Plain[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : value instanceof Date ? value.toISOString() : value)).join(',')}}`;
}

// How far back the newest colors are looked for first: a page of them is in the last days, and what is older need not be read to know that.
import type { NamedBonds } from './named-bonds.store.ts';

const dayMs = 86_400_000;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

interface Asked {
  /** Undefined: of whatever bond. */
  bonds: NamedBonds | undefined;
  /** The newest of all that was kept. */
  newest: string | null;
  limit: number;
  from?: string | undefined;
  to?: string | undefined;
}

/**
 * Days to begin at, the latest first; before the first of them only all of it is left to read. On average bonds have so many colors a day: four times the days that a
 * page takes by that, then sixteen times as many, for filters may leave few of them.
 */
export function daysToTry({ bonds, newest, limit, from, to }: Asked): string[] {
  const last = bonds ? bonds.lastDay : newest;
  if (last === null) return [];
  const days = bonds ? Math.ceil((4 * (limit + 1)) / perDay(bonds)) : 2;
  const end = Date.parse(to !== undefined && to < last ? to : last);
  return [days, 16 * days].map((some) => dayOf(end - (some - 1) * dayMs)).filter((day) => day > (from ?? bonds?.firstDay ?? ''));
}

function perDay({ colors, firstDay, lastDay }: NamedBonds): number {
  return colors / ((Date.parse(lastDay ?? '') - Date.parse(firstDay ?? '')) / dayMs + 1);
}

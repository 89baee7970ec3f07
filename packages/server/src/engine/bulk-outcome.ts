// What the same change to many comes to: which of them it is for, which it leaves as they are and why.
import { type BulkResult, mostChangedAtOnce } from '@tidewheel/contract/bulk-result';
import { InvalidInput } from '@tidewheel/contract/errors';

const shown = 500;

interface Named {
  slug: string;
}

interface Refused {
  name: string;
  reason: string;
}

export interface Chosen<Row> {
  rows: Row[];
  /** Named and not there, or not the caller's to change. */
  refused: Refused[];
}

/** `names`: null when a filter chose; what of that is not the caller's to change is passed over without a word. */
export function sortChosen<Row extends Named>(
  noun: string,
  { names, found, mayEdit }: { names: readonly string[] | null; found: readonly Row[]; mayEdit: (row: Row) => boolean },
): Chosen<Row> {
  const known = new Set(found.map(({ slug }) => slug));
  const kept = names === null ? [] : found.filter((row) => !mayEdit(row));
  return {
    rows: found.filter(mayEdit),
    refused: [
      ...(names ?? []).filter((name) => !known.has(name)).map((name) => ({ name, reason: `there is no such ${noun}` })),
      ...kept.map(({ slug }) => ({ name: slug, reason: 'you may not change it' })),
    ],
  };
}

/** @throws InvalidInput `<noun>.too_many` for more than one call may change */
export function refuseTooMany(noun: string, { length }: { length: number }): void {
  if (length <= mostChangedAtOnce) return;
  throw new InvalidInput(`${noun}.too_many`, `The filter shows more than ${mostChangedAtOnce.toLocaleString('en')} ${noun}s.`, { hint: 'Narrow it.' });
}

export const whileArchived = 'it is archived';

export function archivedOf(rows: readonly (Named & { archived_at: Date | null })[]): Refused[] {
  return rows.filter((row) => row.archived_at !== null).map(({ slug }) => ({ name: slug, reason: whileArchived }));
}

export function bulkResult({
  dryRun,
  rows,
  changed,
  refused,
}: {
  dryRun: boolean;
  rows: readonly Named[];
  changed: readonly Named[];
  refused: Refused[];
}): BulkResult {
  return {
    dryRun,
    chosen: rows.length,
    changed: changed.length,
    names: changed.slice(0, shown).map(({ slug }) => slug),
    refused: refused.slice(0, shown),
  };
}

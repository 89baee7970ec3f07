import type { BackupDifference } from '@tidewheel/contract/routes/backups';

/** A line for each kind of row that differs. */
export function differenceLines({ tables }: BackupDifference): string[] {
  const differing = tables.filter(({ added, changed }) => added + changed > 0);
  if (differing.length === 0) return ['Nothing differs.'];
  return differing.map(({ table, added, changed, same, kept, names }) => {
    const counts = `${table}  ${added} added, ${changed} changed, ${same} the same, ${kept} later ones stay`;
    return names.length > 0 ? `${counts}: ${names.join(', ')}` : counts;
  });
}

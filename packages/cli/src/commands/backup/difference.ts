import type { BackupDifference, BackupRows } from '@tidewheel/contract/backup';

/** A line for each kind of row that differs. */
export function differenceLines({ tables, files }: BackupDifference): string[] {
  const differing = tables.filter(({ added, changed, spent }) => added + changed + spent > 0);
  const lines = differing.map(({ table, added, changed, same, kept, spent, names }) => {
    const done = spent > 0 ? `, ${spent} processed since stay away` : '';
    const counts = `${table}  ${added} added, ${changed} changed, ${same} the same, ${kept} later ones stay${done}`;
    return names.length > 0 ? `${counts}: ${names.join(', ')}` : counts;
  });
  if (files.missing > 0) lines.push(`files  ${files.missing} come back`);
  return lines.length > 0 ? lines : ['Nothing differs.'];
}

/** A line for each row, and one for each of its fields that differs. */
export function rowLines({ rows, more }: BackupRows): string[] {
  const lines = rows.flatMap(({ change, name, now, was }) => {
    const fields = now && was ? Object.keys(was).filter((field) => JSON.stringify(now[field]) !== JSON.stringify(was[field])) : [];
    return [`${change}  ${name}`, ...fields.map((field) => `  ${field}: ${short(now?.[field])} -> ${short(was?.[field])}`)];
  });
  if (lines.length === 0) return ['Nothing differs.'];
  return more ? [...lines, 'There are more.'] : lines;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

// The hosts as CSV, with the headings that the import takes.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { mostTargetsAtOnce } from '@tidewheel/contract/routes/target-operations';
import type { TargetFilter } from '@tidewheel/contract/target';
import { type Actor, requirePermission } from '../../base/actor.ts';
import type { Download } from '../../base/endpoint.ts';
import { inWorkspace } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { chosenBy } from './target-filter.ts';
import type { TargetDeps } from './targets.service.ts';
import { findAllTargets, type TargetRow, targetColumns } from './targets.store.ts';

const plain = ['name', 'title', 'description', 'os', 'address', 'transport', 'credential', 'via', 'category'] as const;
/** More than anybody has; a file that is cut would be worse than a large one. */
const most = mostTargetsAtOnce * 20;

export async function exportTargets({ databases }: TargetDeps, actor: Actor, filter: TargetFilter): Promise<Download> {
  requirePermission(actor, 'target.read');
  const rows = await inWorkspace(databases.app, actor.workspaceId, async (trx) =>
    findAllTargets(trx, await chosenBy(trx, filter, [permittedRows(actor, 'target.read', targetColumns)]), most),
  );
  const content = Buffer.from(csvOf(rows));
  return {
    stream: Readable.from([content]),
    mediaType: 'text/csv; charset=utf-8',
    fileName: 'targets.csv',
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

export function csvOf(rows: readonly TargetRow[]): string {
  const settings = namesIn(rows.map((row) => row.settings));
  const facts = namesIn(rows.map((row) => row.facts));
  const head = [...plain, 'dependsOn', 'tags', 'groups', ...settings.map((name) => `settings.${name}`), ...facts.map((name) => `facts.${name}`)];
  const lines = rows.map((row) => [
    ...plain.map((name) => row[name]),
    row.depends_on,
    row.tags,
    row.groups,
    ...settings.map((name) => row.settings[name]),
    ...facts.map((name) => row.facts[name]),
  ]);
  return [head, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

function namesIn(records: readonly object[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))].sort();
}

function cell(value: unknown): string {
  const text =
    value === null || value === undefined ? '' : Array.isArray(value) ? value.join(' ') : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// What the items of a step with `each` left, as one result of the step: the union of their tables, the list of their files.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileRef, RowCounts, TableRef } from '@tidewheel/contract/values';
import { redactor } from '../../../base/redactor.ts';
import type { StoredOutput } from '../../../storage/schema.ts';
import type { TableJobNode } from '../../../storage/tables/table-engine.ts';
import type { PlannedStep } from '../../flows/plan.ts';
import { producesOf } from '../../flows/produces.ts';
import type { Lease, StepEnd } from '../live-run.ts';
import { keepTable } from '../run-table.ts';
import type { EngineServices } from '../services.ts';
import { scratchName } from '../step-context.ts';
import { type ChildLeft, childrenLeft } from './gather.store.ts';

/** More tables or files than that are for batches to make fewer of. */
const mostGathered = 10_000;

interface Gathering {
  lease: Lease;
  planned: PlannedStep;
  signal: AbortSignal;
  services: EngineServices;
}

export type Gathered = Pick<StepEnd, 'preview'> & { output: StoredOutput };

/** Null for a step of which only the value counts. @throws InvalidInput `each.too_many_tables`, `each.too_many_files`, or what the table job throws */
export async function gatherItems(gathering: Gathering): Promise<Gathered | null> {
  const { lease, planned, services } = gathering;
  if (!planned.step.each) return null;
  const produces = producesOf(planned.step, planned.type);
  if (produces !== 'table' && produces !== 'file') return null;
  const left = await childrenLeft(services.pool, { parent: { run: lease.live.id, step: planned.id, attempt: lease.tried }, most: mostGathered + 1 });
  return produces === 'file' ? { output: { files: allFiles(planned, left) }, preview: null } : allTables(gathering, left);
}

function allFiles({ id }: PlannedStep, left: ChildLeft[]): FileRef[] {
  const files = left.flatMap((one) => one.files ?? []);
  refuseMany({ code: 'each.too_many_files', step: id, what: 'files', count: Math.max(files.length, left.length) });
  return files;
}

async function allTables(gathering: Gathering, left: ChildLeft[]): Promise<Gathered> {
  const { planned } = gathering;
  const tables = left.flatMap(({ table }) => table ?? []);
  const rejected = left.flatMap((one) => one.rejected ?? []);
  refuseMany({ code: 'each.too_many_tables', step: planned.id, what: 'tables', count: Math.max(tables.length, left.length) });
  const counts = sumOf(left.flatMap((one) => one.counts ?? []));
  if (tables.length === 0) return { output: { counts }, preview: null };
  const union = await unionOf(gathering, { tables, rejected });
  return { output: { ...union.output, counts: { ...counts, rowsOut: union.output.table?.rows ?? null } }, preview: union.preview };
}

function refuseMany({ code, step, what, count }: { code: string; step: string; what: string; count: number }): void {
  if (count <= mostGathered) return;
  throw new InvalidInput(code, `steps.${step}: its items left more than ${mostGathered.toLocaleString('en')} ${what}, which are not put together.`, {
    hint: 'Hand over several items at once with `batch`, so that there are fewer of them.',
  });
}

function sumOf(counts: RowCounts[]): RowCounts {
  const sum = (of: (one: RowCounts) => number | null) => counts.reduce((total, one) => total + (of(one) ?? 0), 0);
  const rowsIn = counts.some((one) => one.rowsIn !== null) ? sum((one) => one.rowsIn) : null;
  return { rowsIn, rowsOut: sum((one) => one.rowsOut), dropped: sum((one) => one.dropped), rejected: sum((one) => one.rejected) };
}

/** Columns are put together by their names; what one table lacks is null. */
async function unionOf({ lease, planned, signal, services }: Gathering, { tables, rejected }: { tables: TableRef[]; rejected: TableRef[] }): Promise<Gathered> {
  const { live } = lease;
  const folder = path.join(services.scratch, scratchName(lease));
  const nodes = [await readingNode({ id: planned.id, tables, lease, services })];
  if (rejected.length > 0) nodes.push(await readingNode({ id: `${planned.id}.rejected`, tables: rejected, lease, services }));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const job = { nodes, parameters: {}, now: live.now, today: live.today, timeZone: live.plan.document.timeZone, folder };
    const { nodes: results } = await services.tables.run(job, { signal });
    const [all, lost] = nodes.map(({ id }) => results[id]?.table);
    const output: StoredOutput = {};
    if (all) output.table = await keepTable(services, live.workspaceId, all);
    if (lost) output.rejected = await keepTable(services, live.workspaceId, lost);
    return { output, preview: redactor.deep(results[planned.id]?.preview ?? null) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readingNode({ id, tables, lease, services }: { id: string; tables: TableRef[] } & Pick<Gathering, 'lease' | 'services'>): Promise<TableJobNode> {
  const paths = new Map<string, string>();
  for (const { sha256 } of tables) if (!paths.has(sha256)) paths.set(sha256, await services.objects.localPath(lease.live.workspaceId, sha256));
  const [first = '', ...further] = tables.map(({ sha256 }) => paths.get(sha256) as string);
  return {
    id,
    node: { op: 'read', format: 'parquet', onRowError: 'fail' },
    inputs: { input: { stored: { path: first, format: 'parquet', further } } },
    keep: true,
  };
}

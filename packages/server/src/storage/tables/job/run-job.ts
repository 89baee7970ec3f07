// Runs one table job: first straight, and when a row makes that fail, once more with every expression tried row by row.
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Bug } from '@tidewheel/contract/errors';
import type { Preview } from '@tidewheel/contract/values';
import { mayBeRowError, tableError } from '../process/duckdb-errors.ts';
import type { Session } from '../process/session.ts';
import { shownTable } from '../process/shown-rows.ts';
import type { StepPercent, TableJob, TableJobNode, TableJobResult, TableNodeResult } from '../table-engine.ts';
import { compileNode } from './compile-node.ts';
import type { JobState, NodeState, Relation } from './job-state.ts';
import { inputOf, type NodeTask } from './node-task.ts';
import { copyParquet, keptPath, writeFile, writeRejected } from './outputs.ts';
import { parquetRelation, requireFile } from './read.ts';
import { countRows, countsOf } from './row-counts.ts';
import { keepComputed, stoppedAt } from './stopped-job.ts';

const previewRows = 100;
const previewLimits = { cell: 2_000, all: 256_000 };
const progressEveryMs = 500;

export interface JobTools {
  /** A fresh session bound to the job's files and folder. */
  open(job: TableJob): Promise<Session>;
  memoryBytes: number;
  log(text: string): void;
  /** Told which step is being worked on. */
  at(step: string): void;
  /** Told now and then how far its present statement is, as Session.percent. */
  progress(done: StepPercent): void;
}

export async function runJob(job: TableJob, tools: JobTools): Promise<TableJobResult> {
  const start = performance.now();
  const done = await attempt(job, tools, false).catch(async (thrown: unknown) => {
    if (!(thrown instanceof RowFailure)) throw thrown;
    tools.log(`A row failed (${thrown.message}); running again row by row`);
    for (const name of await readdir(job.folder)) await rm(path.join(job.folder, name), { recursive: true, force: true });
    return attempt(job, tools, true);
  });
  return { ...done, ms: Math.round(performance.now() - start) };
}

/** Ends the straight attempt: something that the careful one can pin down. */
class RowFailure extends Bug {}

async function attempt(job: TableJob, tools: JobTools, careful: boolean): Promise<Omit<TableJobResult, 'ms'>> {
  const session = await tools.open(job);
  const state: JobState = {
    session,
    job,
    scope: { parameters: job.parameters, clock: job },
    careful,
    nodes: new Map(),
    sorted: new Map(),
    previews: new Map(),
    readers: readersOf(job),
    memoryBytes: tools.memoryBytes,
    fileTables: 0,
    log: tools.log,
  };
  let step = job.nodes[0]?.id ?? '';
  const guarded = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    if (step !== id) tools.at(id);
    step = id;
    try {
      return await work();
    } catch (error) {
      if (!careful && mayBeRowError(error instanceof Error && error.cause ? error.cause : error))
        throw new RowFailure('table.row_failure', error instanceof Error ? (error.message.split('\n')[0] ?? '') : '');
      throw tableError(error, { step });
    }
  };
  const watching = setInterval(() => tools.progress({ step, percent: session.percent() }), progressEveryMs);
  try {
    await mkdir(path.join(job.folder, '.spill'), { recursive: true });
    let last: NodeState | undefined;
    for (const entry of job.nodes) if (!last?.stopped) last = await guarded(entry.id, () => compile(state, entry));
    const nodes = last?.stopped ? keepComputed(state, last) : job.nodes;
    for (const entry of nodes) await guarded(entry.id, () => output(state, entry));
    const counting = performance.now();
    await guarded(step, () => countRows(state));
    const countingMs = Math.round(performance.now() - counting);
    const results: Record<string, TableNodeResult> = {};
    for (const entry of nodes) results[entry.id] = await guarded(entry.id, () => resultOf(state, entry));
    return { nodes: results, countingMs, ...(last ? stoppedAt(last) : {}) };
  } finally {
    clearInterval(watching);
    session.close();
    await rm(path.join(job.folder, '.spill'), { recursive: true, force: true });
  }
}

function readersOf(job: TableJob): Map<string, TableJobNode[]> {
  const readers = new Map<string, TableJobNode[]>();
  for (const entry of job.nodes) {
    for (const input of Object.values(entry.inputs)) if ('node' in input) readers.set(input.node, [...(readers.get(input.node) ?? []), entry]);
  }
  return readers;
}

async function compile(state: JobState, entry: TableJobNode): Promise<NodeState> {
  const task: NodeTask = { id: entry.id, node: entry.node, inputs: await inputsOf(state, entry), keep: entry.keep };
  const node = await compileNode(state, task, entry);
  state.nodes.set(entry.id, node);
  // A kept table is written at once, and its file is what later nodes read.
  if (!entry.keep || entry.node.op === 'write' || node.stopped) return node;
  node.kept = await copyParquet(state, node.out, keptPath(state, entry.id));
  node.out.rows ??= node.kept.rows;
  if (!node.out.stored && (state.readers.get(entry.id)?.length ?? 0) > 0) {
    node.out = { ...(await parquetRelation(state, { id: entry.id, part: ':kept', path: node.kept.path })), ordered: node.out.ordered };
  }
  return node;
}

async function inputsOf(state: JobState, entry: TableJobNode): Promise<Record<string, Relation>> {
  const inputs: Record<string, Relation> = {};
  if (entry.node.op === 'read') return inputs;
  for (const [name, input] of Object.entries(entry.inputs)) {
    if ('stored' in input) {
      await requireFile(input.stored.path, entry.id);
      inputs[name] = await parquetRelation(state, { id: entry.id, part: ` ${name}`, path: input.stored.path });
      continue;
    }
    const before = state.nodes.get(input.node);
    if (!before) throw new Bug('bug.table_order', `The node ${entry.id} reads ${input.node}, which does not stand before it.`);
    inputs[name] = before.out;
  }
  return inputs;
}

async function output(state: JobState, entry: TableJobNode): Promise<void> {
  const node = state.nodes.get(entry.id) as NodeState;
  if (entry.node.op !== 'write') return;
  const task = { id: entry.id, node: entry.node, inputs: { input: node.out }, keep: entry.keep };
  node.file = await writeFile(state, task, inputOf(task));
  if (entry.keep) node.kept = await copyParquet(state, node.out, keptPath(state, entry.id));
}

async function resultOf(state: JobState, entry: TableJobNode): Promise<TableNodeResult> {
  const node = state.nodes.get(entry.id) as NodeState;
  const rejected = await writeRejected(state, node);
  return {
    counts: countsOf(node),
    preview: await previewOf(state, node),
    ...(node.kept ? { table: node.kept } : {}),
    ...(node.file ? { file: node.file } : {}),
    ...(rejected ? { rejected } : {}),
    ...(node.checks ? { checks: node.checks } : {}),
  };
}

// A write shows what it wrote: the table of the node before it, which need not be read again.
async function previewOf(state: JobState, node: NodeState): Promise<Preview> {
  const known = state.previews.get(node.out.from);
  if (known) return known;
  const { columns, rows } =
    (await withoutDerived(state, node)) ??
    (await shownTable(state.session, { sql: `SELECT * FROM ${node.out.from} LIMIT ${previewRows}`, columns: node.out.columns, limits: previewLimits }));
  const preview = { columns, rows, truncated: (node.out.rows ?? 0) > rows.length };
  state.previews.set(node.out.from, preview);
  return preview;
}

/** The rows of a node that only adds columns to this one are this one's rows and more: they need not be read twice. */
async function withoutDerived(state: JobState, node: NodeState): Promise<Pick<Preview, 'columns' | 'rows'> | null> {
  const names = node.out.columns.map(({ name }) => name);
  for (const { id, node: reader } of state.readers.get(node.id) ?? []) {
    const after = state.nodes.get(id);
    if (reader.op !== 'derive' || !after || after.rejected > 0 || names.some((name) => Object.hasOwn(reader.columns, name))) continue;
    const { columns, rows } = await previewOf(state, after);
    const places = names.map((name) => columns.findIndex((column) => column.name === name));
    if (places.includes(-1)) continue;
    return { columns: node.out.columns, rows: rows.map((row) => places.map((place) => row[place])) };
  }
  return null;
}

// Runs a stretch of table steps as one table job, and stores what its ends left behind.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, Bug, InvalidInput, toStoredError } from '@tidewheel/contract/errors';
import type { Resources } from '@tidewheel/contract/flow-document';
import type { FileFormat, RelationNode } from '@tidewheel/contract/relation';
import type { FileRef, TableRef } from '@tidewheel/contract/values';
import type { PreparedConfig, TableStepType } from '@tidewheel/kit/define-step';
import type { StepContext } from '@tidewheel/kit/step-context';
import { redactor } from '../../base/redactor.ts';
import type { StoredOutput } from '../../storage/schema.ts';
import type { SqlParameter, StepPercent, TableJobNode, TableJobResult, TableNodeResult, WrittenTable } from '../../storage/tables/table-engine.ts';
import { resolveConfig } from '../expressions/resolve-config.ts';
import type { PlannedStep, Unit } from '../flows/plan.ts';
import { type Lease, type StepEnd, scopeOf } from './live-run.ts';
import { artifactOf } from './run-inline.ts';
import type { AddItem, EngineServices } from './services.ts';
import { type AttemptContext, attemptContext, scratchName } from './step-context.ts';
import { attemptLog } from './step-log.ts';
import { type AttemptProgress, attemptProgress } from './step-progress.ts';

interface Options {
  lease: Lease;
  unit: Unit;
  signal: AbortSignal;
  services: EngineServices;
  add: AddItem;
}

const mediaTypes: Record<FileFormat, string> = { csv: 'text/csv', json: 'application/json', parquet: 'application/vnd.apache.parquet' };

export async function runTable(options: Options): Promise<StepEnd[]> {
  const { lease, unit, signal, services, add } = options;
  const folder = path.join(services.scratch, scratchName(lease));
  const attempts: AttemptContext[] = [];
  const log = attemptLog({ lease, step: unit.id, add });
  const progress = progressOf(options);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const nodes: PreparedNode[] = [];
    for (const step of unit.steps) nodes.push(await nodeOf({ ...options, step, attempts }));
    const { live } = lease;
    const job = {
      nodes,
      parameters: sqlParameters(lease),
      now: live.now,
      today: live.today,
      timeZone: live.plan.document.timeZone,
      folder,
      ...resourcesOf(lease, unit),
    };
    const result = await services.tables.run(job, { signal, log: log.info, progress: progress.report });
    const ends: StepEnd[] = [];
    for (const node of nodes) {
      const computed = result.nodes[node.id];
      ends.push(result.stopped && !computed ? stoppedEnd(node.id, result.stopped) : await endOf({ ...options, node, result: computed }));
    }
    return ends;
  } catch (thrown) {
    // Now, while the secrets of this attempt are still known.
    throw redactor.error(thrown);
  } finally {
    log.close();
    progress.close();
    await Promise.allSettled(attempts.map((attempt) => attempt.close()));
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of whichever step of the stretch is under way. */
function progressOf({ lease, add }: Options) {
  const steps = new Map<string, AttemptProgress>();
  const report = ({ step, percent }: StepPercent) => {
    if (percent === null && !steps.has(step)) return;
    const known = steps.get(step) ?? attemptProgress({ lease, step, add });
    steps.set(step, known);
    known.report(percent === null ? {} : { percent });
  };
  const close = () => {
    for (const step of steps.values()) step.close();
  };
  return { report, close };
}

/** The ends of a stretch whose job failed: the step at fault failed, the others never got their result. */
export function failedStretch({ unit, error }: { unit: Unit; error: unknown }): StepEnd[] {
  const stored = redactor.deep(toStoredError(error));
  const { step: named } = (error instanceof AppError ? (error.details ?? {}) : {}) as { step?: string };
  const guilty = named !== undefined && unit.steps.includes(named) ? named : (unit.steps[0] ?? unit.id);
  return unit.steps.map((step) => ({
    step,
    state: step === guilty ? 'failed' : 'skipped',
    reason: step === guilty ? null : `its table job stopped at ${guilty}`,
    output: null,
    preview: null,
    error: step === guilty ? stored : null,
    artifacts: [],
  }));
}

/** The end of a step without a result, in a stretch that a check stopped. */
function stoppedEnd(step: string, { step: guilty, error, checks }: NonNullable<TableJobResult['stopped']>): StepEnd {
  const end = { step, preview: null, artifacts: [] };
  if (step !== guilty) return { ...end, state: 'skipped', reason: `its table job stopped at ${guilty} before this step was done`, output: null, error: null };
  return { ...end, state: 'failed', reason: null, output: { checks: redactor.deep(checks) }, error: redactor.deep(error) };
}

interface PreparedNode extends TableJobNode {
  files: FileRef[];
}

async function nodeOf(options: Options & { step: string; attempts: AttemptContext[] }): Promise<PreparedNode> {
  const { lease, step } = options;
  const planned = lease.live.plan.steps.get(step);
  if (!planned) throw new Bug('plan.step', `the plan has no step ${step}`);
  const type = planned.type as TableStepType;
  try {
    const open = () => opened(options, planned);
    const resolved = resolveConfig({ type, config: planned.step.with, scope: scopeOf(lease.live) });
    const { config, files = [] }: PreparedConfig<unknown> = (await type.prepare?.(resolved as never, open())) ?? { config: resolved };
    let node = type.relation(config as never);
    const inputs: TableJobNode['inputs'] = {};
    // A reading step finds its file itself: it alone knows which of several it was asked to take.
    if (!type.source) {
      for (const [name, before] of Object.entries(planned.inputs))
        inputs[name] = options.unit.steps.includes(before) ? { node: before } : { stored: await storedInput({ ...options, before }) };
    } else {
      const { path: file, csv } = await type.source(config as never, open());
      if (csv && node.op === 'read') node = { ...node, csv: { ...node.csv, ...csv, types: { ...csv.types, ...node.csv?.types } } };
      inputs['input'] = { stored: { path: file, format: formatOf(node) } };
    }
    return { id: step, node, inputs, keep: planned.kept, files };
  } catch (error) {
    throw error instanceof AppError ? withStep(error, step) : error;
  }
}

/** The context of a step that looks something up before its job. */
function opened({ lease, signal, services, add, attempts }: Options & { attempts: AttemptContext[] }, planned: PlannedStep): StepContext {
  const attempt = attemptContext({ lease, planned, signal, services, add });
  attempts.push(attempt);
  return attempt.ctx;
}

// The error's class, code and hint stay; only the step that was at fault is added.
function withStep(error: AppError, step: string): AppError {
  Object.defineProperty(error, 'details', { value: { step, ...error.details }, enumerable: true });
  return error;
}

function formatOf(node: RelationNode): FileFormat {
  return node.op === 'read' ? node.format : 'parquet';
}

async function storedInput({ lease, services, before }: Options & { before: string }): Promise<{ path: string; format: FileFormat }> {
  const output = lease.live.facts.get(before)?.output;
  const { workspaceId } = lease.live;
  if (!output?.table) throw noTable(before, output);
  return { path: await services.objects.localPath(workspaceId, output.table.sha256), format: 'parquet' };
}

/** Which columns a table of no items would have nobody knows. */
function noTable(step: string, output: StoredOutput | null | undefined): InvalidInput {
  const hadItems = (output?.value as { total?: unknown } | undefined)?.total !== 0;
  const message = hadItems ? `${step} made no table` : `${step} had no items, so it made no table`;
  const hint = hadItems ? 'Take `from` a step that makes a table.' : `Skip this step then: when: steps.${step}.value.total > 0.`;
  return new InvalidInput('step.no_table', message, { hint });
}

/** A step with resources of its own stands alone. */
function resourcesOf({ live }: Lease, unit: Unit): Resources {
  return live.plan.steps.get(unit.id)?.resources ?? {};
}

/** What its items or times are called wins over a parameter of that name, as in expressions. */
function sqlParameters({ live }: Lease): Record<string, SqlParameter> {
  const declared = Object.entries(live.plan.document.parameters).map(([name, { type }]) => [name, { type, value: live.parameters[name] ?? null }] as const);
  const locals = Object.entries(live.locals).map(([name, value]) => [name, { type: 'json' as const, value }] as const);
  return Object.fromEntries<SqlParameter>([...declared, ...locals]);
}

async function endOf({ lease, services, node, result }: Options & { node: PreparedNode; result: TableNodeResult | undefined }): Promise<StepEnd> {
  if (!result) throw new Bug('table.no_result', `the table job gave no result for ${node.id}`);
  const planned = lease.live.plan.steps.get(node.id) as PlannedStep;
  const { workspaceId } = lease.live;
  const output: StoredOutput = { counts: result.counts, ...(node.files.length > 0 ? { files: node.files } : {}) };
  if (result.table) output.table = await keepTable(services, workspaceId, result.table);
  if (result.rejected) output.rejected = await keepTable(services, workspaceId, result.rejected);
  if (result.checks) output.checks = redactor.deep(result.checks);
  if (result.file && node.node.op === 'write') {
    const stored = await services.objects.putFile(workspaceId, result.file.path);
    const file: FileRef = { kind: 'file', name: node.node.name, mediaType: mediaTypes[node.node.format], ...stored };
    output.files = [file];
  }
  const artifacts = (planned.type as TableStepType).artifacts ? (output.files ?? []).map((file) => artifactOf(file, { rows: result.file?.rows })) : [];
  return { step: node.id, state: 'succeeded', reason: null, output, preview: redactor.deep(result.preview), error: null, artifacts };
}

export async function keepTable(services: EngineServices, workspaceId: string, table: WrittenTable): Promise<TableRef> {
  const stored = await services.objects.putFile(workspaceId, table.path);
  return { kind: 'table', sha256: stored.sha256, bytes: stored.size, rows: table.rows, columns: table.columns };
}

// Rows as the contract shows them.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Artifact, Delivery } from '@tidewheel/contract/routes/runs';
import { finalRunStates, type Run, type RunEvent, type RunOrigin, type RunSummary, type StepRun } from '@tidewheel/contract/run';
import { undoOf } from '../flows/plan.ts';
import type { NewRun } from '../worker/new-run.store.ts';
import type { countBelow, findSteps, findWaits, listArtifacts, listDeliveries, listEvents, SummaryRow } from './runs.store.ts';

type Rows<F extends (...args: never[]) => Promise<unknown[]>> = Awaited<ReturnType<F>>[number];
type Items<F extends (...args: never[]) => Promise<{ items: unknown[] }>> = Awaited<ReturnType<F>>['items'][number];

const iso = (at: Date | null) => at?.toISOString() ?? null;

export function viewSummary(row: SummaryRow): RunSummary {
  return {
    id: row.id,
    number: row.number,
    flow: row.flow,
    flowTitle: row.flow_title,
    kind: row.kind,
    version: Math.abs(row.version),
    draft: row.version < 0,
    state: row.state,
    parameters: row.parameters,
    startedBy: row.started_by,
    origin: viewOrigin(row),
    createdAt: row.created_at.toISOString(),
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    rowsIn: row.rows_in,
    rowsOut: row.rows_out,
    rejected: row.rejected,
    error: row.error,
    rerunOf: row.rerun_of,
    parent: row.parent_id && row.parent_step ? { run: row.parent_id, step: row.parent_step, item: row.item ?? 0, value: row.item_value ?? null } : null,
    mode: row.mode,
    pausedAt: iso(row.paused_at),
    held: row.held_at !== null,
    output: row.output,
  };
}

function viewOrigin({ origin_kind: kind, origin_id: id, origin_slug: slug, origin_at }: SummaryRow): RunOrigin | null {
  return kind && id && slug ? { kind, id, slug, instant: iso(origin_at) } : null;
}

/** A run that was made this moment. */
export function viewQueued({
  run,
  number,
  document,
  version,
  held,
}: {
  run: NewRun;
  number: number;
  document: FlowDocument;
  version: number;
  held: boolean;
}): RunSummary {
  return {
    id: run.id,
    number,
    flow: document.flow,
    flowTitle: document.title,
    kind: document.kind,
    version: Math.abs(version),
    draft: version < 0,
    state: 'queued',
    parameters: run.parameters,
    startedBy: run.startedBy,
    origin: run.origin ?? null,
    createdAt: run.now.toISOString(),
    startedAt: null,
    finishedAt: null,
    rowsIn: null,
    rowsOut: null,
    rejected: 0,
    error: null,
    rerunOf: run.rerunOf,
    parent: null,
    mode: run.mode ?? 'normal',
    pausedAt: null,
    held,
    output: null,
  };
}

export interface RunRows {
  run: SummaryRow;
  document: FlowDocument;
  steps: Rows<typeof findSteps>[];
  waits: Rows<typeof findWaits>[];
  below: Rows<typeof countBelow>[];
}

/** All steps of the document in its order, each followed by what undid it; one without a row yet is pending, or was never reached when the run is over. */
export function viewRun({ run, document, steps, waits, below }: RunRows): Run {
  const rows = new Map(steps.map((row) => [row.step_id, row]));
  const over = finalRunStates.includes(run.state);
  const shown = Object.entries(document.steps).flatMap(([id, { use }]) => {
    const undo = rows.get(undoOf(id));
    return [{ id, use, row: rows.get(id) }, ...(undo ? [{ id: undoOf(id), use: undo.use, row: undo }] : [])];
  });
  return {
    ...viewSummary(run),
    lastEvent: run.event_seq,
    lastLog: run.log_seq,
    priority: run.priority,
    deadlineAt: iso(run.deadline_at),
    steps: shown.map(({ id, use, row }) => {
      const wait = waits.find((one) => one.step_id === id);
      const children = below.find((one) => one.step === id);
      return row ? viewStep({ row, wait, children }) : emptyStep({ id, use, over });
    }),
  };
}

interface StepRows {
  row: Rows<typeof findSteps>;
  wait: Rows<typeof findWaits> | undefined;
  children: Rows<typeof countBelow> | undefined;
}

function viewStep({ row, wait, children }: StepRows): StepRun {
  const { output } = row;
  return {
    step: row.step_id,
    use: row.use,
    state: row.state,
    reason: row.reason,
    attempt: row.attempt,
    worker: row.worker_id,
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    counts: output?.counts ?? null,
    table: output?.table ?? null,
    rejected: output?.rejected ?? null,
    files: output?.files ?? [],
    checks: output?.checks ?? [],
    hasPreview: row.has_preview,
    value: output?.value ?? null,
    error: row.error,
    progress: row.state === 'running' && row.progress?.attempt === row.attempt ? row.progress : null,
    branches: output?.branches ?? null,
    wait: wait ? { id: wait.id, kind: wait.kind, until: iso(wait.until_at), name: wait.name } : null,
    children: children ? { total: wait?.total ?? null, ...withoutStep(children) } : null,
    reusedFrom: row.reused_from,
  };
}

function withoutStep({ step: _step, ...counts }: Rows<typeof countBelow>): Omit<Rows<typeof countBelow>, 'step'> {
  return counts;
}

function emptyStep({ id, use, over }: { id: string; use: string; over: boolean }): StepRun {
  return {
    step: id,
    use,
    state: over ? 'cancelled' : 'pending',
    reason: over ? 'the run ended before it' : null,
    attempt: 0,
    worker: null,
    startedAt: null,
    finishedAt: null,
    counts: null,
    table: null,
    rejected: null,
    files: [],
    checks: [],
    hasPreview: false,
    value: null,
    error: null,
    branches: null,
    wait: null,
    children: null,
    reusedFrom: null,
    progress: null,
  };
}

export function viewEvent(row: Rows<typeof listEvents>): RunEvent {
  return { run: row.run_id, seq: row.seq, at: row.at.toISOString(), type: row.type, step: row.step_id, data: row.data };
}

export function viewArtifact(row: Items<typeof listArtifacts>): Artifact {
  return {
    id: row.id,
    run: row.run_id,
    flow: row.flow,
    step: row.step_id,
    name: row.name,
    mediaType: row.media_type,
    size: row.size,
    sha256: row.sha256,
    md5: row.md5,
    createdAt: row.created_at.toISOString(),
    metadata: row.metadata,
  };
}

export function viewDelivery(row: Items<typeof listDeliveries>): Delivery {
  return {
    id: row.id,
    run: row.run_id,
    step: row.step_id,
    artifact: row.artifact,
    fileName: row.file_name,
    sha256: row.sha256,
    size: row.size,
    connection: row.connection,
    destination: row.destination,
    attempt: row.attempt,
    state: row.state,
    at: row.at.toISOString(),
    ms: row.ms,
    receipt: row.receipt,
    error: row.error,
  };
}

// Rows as the contract shows them.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Artifact, Delivery } from '@tidewheel/contract/routes/runs';
import { finalRunStates, type Run, type RunEvent, type RunSummary, type StepRun } from '@tidewheel/contract/run';
import type { findSteps, listArtifacts, listDeliveries, listEvents, NewRun, SummaryRow } from './runs.store.ts';

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
    createdAt: row.created_at.toISOString(),
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    rowsIn: row.rows_in,
    rowsOut: row.rows_out,
    rejected: row.rejected,
    error: row.error,
    rerunOf: row.rerun_of,
  };
}

/** A run that was made this moment. */
export function viewQueued({
  run,
  number,
  document,
  version,
}: {
  run: NewRun & { id: string };
  number: number;
  document: FlowDocument;
  version: number;
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
    createdAt: run.now.toISOString(),
    startedAt: null,
    finishedAt: null,
    rowsIn: null,
    rowsOut: null,
    rejected: 0,
    error: null,
    rerunOf: run.rerunOf,
  };
}

/** All steps of the document in its order; one without a row yet is pending, or was never reached when the run is over. */
export function viewRun({ run, document, steps }: { run: SummaryRow; document: FlowDocument; steps: Rows<typeof findSteps>[] }): Run {
  const rows = new Map(steps.map((row) => [row.step_id, row]));
  const over = finalRunStates.includes(run.state);
  return {
    ...viewSummary(run),
    lastEvent: run.event_seq,
    lastLog: run.log_seq,
    steps: Object.entries(document.steps).map(([id, step]) => {
      const row = rows.get(id);
      return row ? viewStep(row) : emptyStep({ id, use: step.use, over });
    }),
  };
}

function viewStep(row: Rows<typeof findSteps>): StepRun {
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
  };
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

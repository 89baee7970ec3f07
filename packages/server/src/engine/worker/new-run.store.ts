// The rows of new runs. Written by unnesting arrays: one statement for hundreds of them.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { RunMode, RunOrigin, StepState } from '@tidewheel/contract/run';
import { storableJson } from '../../base/text.ts';
import type { StoredOutput } from '../../storage/schema.ts';
import type { Runner } from './job-queue.ts';
import type { ParentStep } from './live-run.ts';

/** A step whose result is there before the run begins. */
export interface GivenStep {
  step: string;
  use: string;
  state: Extract<StepState, 'succeeded' | 'skipped'>;
  reason: string;
  output: StoredOutput | null;
  /** The run whose result it is; null for test data. */
  from: string | null;
}

/** When a run is to be over: at an instant, or so long after it is written by the clock of the database. Of both the earlier one counts. */
export interface RunLimit {
  at?: Date;
  withinMs?: number;
}

export interface NewRun {
  id: string;
  workspaceId: string;
  flowId: string;
  versionId: string;
  parameters: Record<string, unknown>;
  startedBy: string;
  /** The user who started it. Of a run below another one that of the outermost counts. */
  startedById?: string | null;
  idempotencyKey: string | null;
  rerunOf: string | null;
  now: Date;
  today: string;
  deadline: RunLimit | null;
  mode?: RunMode;
  priority?: number;
  cleansUp?: boolean;
  /** Runs with the same gate go through it so many at once. */
  gate?: { key: string; most: number } | null;
  /** Those in front of it at its gate are cancelled. */
  cancelsBefore?: boolean;
  parent?: ParentStep | null;
  rootId?: string | null;
  depth?: number;
  part?: string | null;
  document?: FlowDocument | null;
  locals?: Record<string, unknown> | null;
  given?: GivenStep[];
  /** Steps that take over the runs below them that succeeded in the run which this one repeats. */
  reuse?: string[];
  /** The schedule or trigger that starts it. */
  origin?: RunOrigin | null;
}

/** Writes many runs at once, each with its first event. @returns the numbers by id of those that are new; a run whose idempotency key or place below its parent was taken is not among them */
export async function insertRuns(runner: Runner, runs: (NewRun & { isHeld: boolean })[]): Promise<Map<string, number>> {
  if (runs.length === 0) return new Map();
  const column = <T>(pick: (run: NewRun & { isHeld: boolean }) => T) => runs.map(pick);
  const { rows } = await runner.query<{ id: string; number: number }>({
    name: 'insert-runs',
    text: `with fresh as (
       insert into run (workspace_id, id, flow_id, version_id, state, parameters, started_by, idempotency_key, rerun_of, frozen_now, frozen_today, deadline_at, event_seq,
         mode, priority, cleans_up, gate, gate_most, held_at, parent_id, parent_step, parent_attempt, item, root_id, depth, part, document, locals, given, started_by_id, reuse,
         origin_kind, origin_id, origin_slug, origin_at, cancels_before)
       select n.workspace, n.id, n.flow, n.version, 'queued', n.parameters, n.started_by, n.key, n.rerun_of, n.now, n.today,
         least(n.deadline, now() + n.within_ms * interval '1 millisecond'), 1,
         n.mode, n.priority, n.cleans_up, n.gate, n.gate_most, case when n.held then now() end, n.parent, n.parent_step, n.parent_attempt, n.item, n.root, n.depth, n.part,
         n.document, n.locals, case when n.given = '' then null else string_to_array(n.given, ',') end, n.started_by_id,
         case when n.reuse = '' then null else string_to_array(n.reuse, ',') end, n.origin_kind, n.origin_id, n.origin_slug, n.origin_at, n.cancels_before
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::jsonb[], $6::text[], $7::text[], $8::uuid[], $9::timestamptz[], $10::date[], $11::timestamptz[],
         $12::text[], $13::int[], $14::boolean[], $15::text[], $16::int[], $17::boolean[], $18::uuid[], $19::text[], $20::int[], $21::int[], $22::uuid[], $23::int[], $24::text[],
         $25::json[], $26::jsonb[], $27::text[], $28::uuid[], $29::text[], $30::text[], $31::uuid[], $32::text[], $33::timestamptz[], $34::float8[], $35::boolean[])
         as n(workspace, id, flow, version, parameters, started_by, key, rerun_of, now, today, deadline, mode, priority, cleans_up, gate, gate_most, held,
           parent, parent_step, parent_attempt, item, root, depth, part, document, locals, given, started_by_id, reuse, origin_kind, origin_id, origin_slug, origin_at, within_ms, cancels_before)
       on conflict do nothing
       returning workspace_id, id, number, started_by, held_at),
     told as (
       insert into run_event (workspace_id, run_id, seq, at, type, step_id, data)
       select workspace_id, id, 1, now(), case when held_at is null then 'run.queued' else 'run.held' end, null, jsonb_build_object('startedBy', started_by) from fresh)
     select id, number from fresh`,
    values: [
      column((run) => run.workspaceId),
      column((run) => run.id),
      column((run) => run.flowId),
      column((run) => run.versionId),
      column((run) => storableJson(run.parameters)),
      column((run) => run.startedBy),
      column((run) => run.idempotencyKey),
      column((run) => run.rerunOf),
      column((run) => run.now),
      column((run) => run.today),
      column((run) => run.deadline?.at ?? null),
      column((run) => run.mode ?? 'normal'),
      column((run) => run.priority ?? 0),
      column((run) => run.cleansUp ?? false),
      column((run) => run.gate?.key ?? null),
      column((run) => run.gate?.most ?? null),
      column((run) => run.isHeld),
      column((run) => run.parent?.run ?? null),
      column((run) => run.parent?.step ?? null),
      column((run) => run.parent?.attempt ?? null),
      column((run) => run.parent?.item ?? null),
      column((run) => run.rootId ?? null),
      column((run) => run.depth ?? 0),
      column((run) => run.part ?? null),
      column((run) => (run.document ? storableJson(run.document) : null)),
      column((run) => (run.locals ? storableJson(run.locals) : null)),
      column((run) => (run.given ?? []).map(({ step }) => step).join(',')),
      column((run) => run.startedById ?? null),
      column((run) => (run.reuse ?? []).join(',')),
      column((run) => run.origin?.kind ?? null),
      column((run) => run.origin?.id ?? null),
      column((run) => run.origin?.slug ?? null),
      column((run) => run.origin?.instant ?? null),
      column((run) => run.deadline?.withinMs ?? null),
      column((run) => run.cancelsBefore ?? false),
    ],
  });
  const numbers = new Map(rows.map((row) => [row.id, row.number]));
  await insertGiven(
    runner,
    runs.filter((run) => numbers.has(run.id)),
  );
  return numbers;
}

async function insertGiven(runner: Runner, runs: NewRun[]): Promise<void> {
  const rows = runs.flatMap((run) => (run.given ?? []).map((given) => ({ ...given, workspace: run.workspaceId, run: run.id })));
  if (rows.length === 0) return;
  await runner.query(
    `insert into step_run (workspace_id, run_id, step_id, use, state, reason, attempt, finished_at, output, reused_from, preview)
     select g.workspace, g.run, g.step, g.use, g.state, g.reason, 0, now(), g.output, g.source,
       (select preview from step_run earlier where earlier.run_id = g.source and earlier.step_id = g.step)
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::uuid[]) as g(workspace, run, step, use, state, reason, output, source)`,
    [
      rows.map((row) => row.workspace),
      rows.map((row) => row.run),
      rows.map((row) => row.step),
      rows.map((row) => row.use),
      rows.map((row) => row.state),
      rows.map((row) => row.reason),
      rows.map((row) => (row.output ? storableJson(row.output) : null)),
      rows.map((row) => row.from),
    ],
  );
}

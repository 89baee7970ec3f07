// What one commit does to one run: gathers its items, decides what follows under the run's row lock, numbers its events.
import { finalRunStates, type RunEvent, type StepState } from '@tidewheel/contract/run';
import type { EndedItem, Item } from './batch.ts';
import type { LockedRun, NewEvent, NewLog, RunChange, RunTotals, StepRow, StepTotals } from './commit.store.ts';
import { isLine, settle } from './decide.ts';
import type { ClaimedJob, NewJob } from './job-queue.ts';
import type { LiveRun, NewArtifact, StepEnd } from './live-run.ts';

export class RunCommit {
  readonly run: LockedRun;
  readonly live: LiveRun;
  readonly items: Item[];
  readonly ended: EndedItem[];
  readonly events: NewEvent[] = [];
  readonly logs: NewLog[] = [];
  readonly jobs: NewJob[] = [];
  readonly settled: ClaimedJob[] = [];
  readonly laterRows: StepRow[] = [];
  readonly artifacts: (NewArtifact & { workspace: string; run: string; step: string })[] = [];
  readonly next = new Map<EndedItem, string | null>();
  outcome: 'succeeded' | 'failed' | 'cancelled' | null = null;
  readonly #worker: string;
  readonly #isYielding: boolean;
  readonly #now = new Date();
  #totals: RunTotals | null = null;
  #startedAt: Date | null = null;

  constructor({ run, live, items, worker, isYielding }: { run: LockedRun; live: LiveRun; items: Item[]; worker: string; isYielding: boolean }) {
    this.run = { ...run };
    this.live = live;
    this.items = items;
    this.ended = items.filter((item) => item.kind === 'ended');
    this.#worker = worker;
    this.#isYielding = isYielding;
    const begins = items.some((item) => item.kind === 'started' || item.kind === 'ended');
    if (begins && this.run.state === 'queued') {
      this.run.state = 'running';
      this.#startedAt = this.#now;
      this.#event({ type: 'run.started' });
    }
  }

  /** Rows of steps that started or ended. A start whose end is in the same batch needs none. */
  stepRows(): StepRow[] {
    const over = new Set(this.ended.map((item) => item.lease));
    const rows: StepRow[] = [];
    for (const item of this.items) {
      if (item.kind === 'started' && !over.has(item.lease)) {
        for (const step of this.#stepsOf(item.lease.unit)) rows.push(this.#row({ step, state: 'running', attempt: item.lease.attempt, startedAt: item.at }));
      }
      if (item.kind === 'ended') rows.push(...this.#endRows(item));
    }
    return rows;
  }

  decide({ written, states, leases }: { written: Set<string>; states: Map<string, StepState> | null; leases: string[] }): void {
    for (const item of this.items) this.#tell(item, written);
    if (this.ended.length === 0) return;
    const known = states ?? this.#knownStates();
    for (const item of this.ended) for (const end of item.end.steps) if (item.end.retry === null) known.set(end.step, end.state);
    if (finalRunStates.includes(this.run.state)) this.#settleAll();
    else if (this.run.state === 'cancelling') this.#endCancelled(leases);
    else this.#goOn({ known, written });
  }

  finish(totals: RunTotals): void {
    this.#totals = totals;
    if (this.outcome === null) return;
    this.run.state = this.outcome;
    this.#event({
      type: `run.${this.outcome}`,
      data: { rowsIn: totals.rowsIn, rowsOut: totals.rowsOut, rejected: totals.rejected, ...(totals.error ? { error: totals.error } : {}) },
    });
  }

  knownTotals(): StepTotals[] {
    const ends = new Map<string, StepEnd>(this.ended.flatMap((item) => item.end.steps).map((end) => [end.step, end]));
    return [...this.live.plan.steps.keys()].map((step) => {
      const output = ends.get(step)?.output ?? this.live.facts.get(step)?.output ?? null;
      return {
        step,
        state: ends.get(step)?.state ?? this.live.facts.get(step)?.state ?? 'skipped',
        counts: output?.counts ?? null,
        error: ends.get(step)?.error ?? null,
      };
    });
  }

  change(): RunChange {
    const finished = this.outcome !== null;
    return {
      id: this.run.id,
      state: this.run.state,
      eventSeq: this.run.event_seq,
      logSeq: this.run.log_seq,
      startedAt: this.#startedAt,
      finishedAt: finished ? this.#now : null,
      summary: this.#totals,
    };
  }

  /** Where leases went on to, unless the plan is one line and says so itself. */
  moves(): { job: string; unit: string }[] {
    if (isLine(this.live.plan)) return [];
    return [...this.next].flatMap(([item, unit]) => (unit === null ? [] : [{ job: item.lease.job.id, unit }]));
  }

  objects(): { workspace: string; sha256: string; size: number }[] {
    const workspace = this.run.workspace_id;
    return this.ended
      .flatMap((item) => item.end.steps)
      .flatMap(({ output }) => [
        ...(output?.table ? [{ workspace, sha256: output.table.sha256, size: output.table.bytes }] : []),
        ...(output?.rejected ? [{ workspace, sha256: output.rejected.sha256, size: output.rejected.bytes }] : []),
        ...(output?.files ?? []).map((file) => ({ workspace, sha256: file.sha256, size: file.size })),
      ]);
  }

  #goOn({ known, written }: { known: Map<string, StepState>; written: Set<string> }): void {
    const ended = this.ended.filter((item) => item.end.retry === null && item.end.steps.some((end) => written.has(`${this.run.id}/${end.step}`)));
    const { ready, skipped, outcome } = settle({ plan: this.live.plan, states: known, ended: ended.map((item) => item.lease.unit) });
    for (const { step, reason } of skipped) {
      this.laterRows.push(this.#row({ step, state: 'skipped', reason, attempt: 1, finishedAt: this.#now }));
      this.#event({ type: 'step.skipped', step, data: { reason } });
    }
    this.outcome = outcome;
    const open = [...ready];
    for (const item of this.ended) this.next.set(item, item.end.retry === null && ended.includes(item) ? this.#take(open, item.lease.job.tag) : null);
    for (const unit of open) this.#enqueue({ unit, attempt: 1 });
    for (const item of this.ended) this.#settleOrRetry(item);
  }

  /** The first of the ready units that runs on workers of this tag: the lease goes on with it. */
  #take(open: string[], tag: string): string | null {
    if (this.#isYielding) return null;
    const at = open.findIndex((unit) => this.live.plan.units.get(unit)?.tag === tag);
    return at < 0 ? null : (open.splice(at, 1)[0] ?? null);
  }

  #settleOrRetry(item: EndedItem): void {
    if (this.next.get(item)) return;
    this.settled.push(item.lease.job);
    if (item.end.retry) this.#enqueue({ unit: item.lease.unit, attempt: item.end.retry.attempt, at: item.end.retry.at });
  }

  #settleAll(): void {
    for (const item of this.ended) {
      this.next.set(item, null);
      this.settled.push(item.lease.job);
    }
  }

  #endCancelled(leases: string[]): void {
    this.#settleAll();
    const mine = new Set(this.settled.map((job) => job.id));
    if (leases.every((job) => mine.has(job))) this.outcome = 'cancelled';
  }

  #enqueue({ unit, attempt, at }: { unit: string; attempt: number; at?: Date }): void {
    const planned = this.live.plan.units.get(unit);
    if (!planned) return;
    this.jobs.push({ workspace: this.run.workspace_id, run: this.run.id, unit, attempt, tag: planned.tag, priority: planned.priority, at });
    if (at) return;
    for (const step of planned.steps)
      this.laterRows.push(this.#row({ step, state: 'ready', reason: `waits for a worker with the tag ${planned.tag}`, attempt }));
  }

  #endRows(item: EndedItem): StepRow[] {
    const { attempt } = item.lease;
    const { startedAt, finishedAt, retry } = item.end;
    if (retry)
      return this.#stepsOf(item.lease.unit).map((step) =>
        this.#row({ step, state: 'waiting', reason: retry.reason, attempt, startedAt, end: { output: null, preview: null, error: retry.error } }),
      );
    return item.end.steps.map((end) =>
      this.#row({ step: end.step, state: end.state, reason: end.reason, attempt, startedAt: end.state === 'skipped' ? null : startedAt, finishedAt, end }),
    );
  }

  #row(row: Pick<StepRow, 'step' | 'state' | 'attempt'> & Partial<StepRow>): StepRow {
    const use = this.live.plan.steps.get(row.step)?.step.use ?? '';
    return {
      workspace: this.run.workspace_id,
      run: this.run.id,
      use,
      reason: null,
      worker: row.state === 'ready' ? null : this.#worker,
      startedAt: null,
      finishedAt: null,
      end: null,
      ...row,
    };
  }

  #stepsOf(unit: string): string[] {
    return this.live.plan.units.get(unit)?.steps ?? [];
  }

  #knownStates(): Map<string, StepState> {
    return new Map([...this.live.facts].map(([step, fact]) => [step, fact.state]));
  }

  #tell(item: Item, written: Set<string>): void {
    if (item.kind === 'log') this.logs.push({ ...item.line, workspace: this.run.workspace_id, run: this.run.id, seq: ++this.run.log_seq });
    if (item.kind === 'event') this.#event({ type: item.type, step: item.step, data: item.data, at: item.at });
    if (item.kind === 'started') this.#tellStart(item, written);
    if (item.kind === 'ended') this.#tellEnd(item, written);
  }

  #tellStart(item: Extract<Item, { kind: 'started' }>, written: Set<string>): void {
    for (const step of this.#stepsOf(item.lease.unit)) {
      if (written.has(`${this.run.id}/${step}`))
        this.#event({ type: 'step.started', step, data: { attempt: item.lease.attempt, worker: this.#worker }, at: item.at });
    }
  }

  #tellEnd(item: EndedItem, written: Set<string>): void {
    const { retry } = item.end;
    if (retry) {
      for (const step of this.#stepsOf(item.lease.unit))
        this.#event({
          type: 'step.retrying',
          step,
          data: { attempt: item.lease.attempt, at: retry.at.toISOString(), reason: retry.reason, error: retry.error },
        });
      return;
    }
    for (const end of item.end.steps) {
      if (!written.has(`${this.run.id}/${end.step}`)) {
        this.#event({ type: 'step.refused', step: end.step, data: { reason: 'a result was already recorded', worker: this.#worker } });
        continue;
      }
      const ms = item.end.finishedAt.getTime() - item.end.startedAt.getTime();
      this.#event({
        type: `step.${end.state}`,
        step: end.step,
        data: {
          attempt: item.lease.attempt,
          ms,
          ...(end.output?.counts ? { counts: end.output.counts } : {}),
          ...(end.reason ? { reason: end.reason } : {}),
          ...(end.error ? { error: end.error } : {}),
        },
      });
      for (const artifact of end.artifacts) this.artifacts.push({ ...artifact, workspace: this.run.workspace_id, run: this.run.id, step: end.step });
    }
  }

  #event({ type, step = null, data = {}, at = this.#now }: { type: RunEvent['type']; step?: string | null; data?: Record<string, unknown>; at?: Date }): void {
    this.events.push({ workspace: this.run.workspace_id, run: this.run.id, seq: ++this.run.event_seq, at, type, step, data });
  }
}

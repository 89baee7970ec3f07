// What one commit does to one run: gathers its items, decides what follows under the run's row lock, numbers its events.
import { finalRunStates, type RunEvent } from '@tidewheel/contract/run';
import { type EndedItem, type Item, unitsOf } from './batch.ts';
import type { LockedRun, NewEvent, NewLog, RunChange, RunTotals, StepRow, StepTotals } from './commit.store.ts';
import { isLine, type Outcome, type Standings, settle } from './decide.ts';
import type { NewJob } from './job-queue.ts';
import { KnownStandings } from './known-standings.ts';
import type { Lease, LiveRun, NewArtifact, OpenWait, StepEnd } from './live-run.ts';
import { jobPriority } from './priority.ts';
import type { WaitToOpen } from './wait.store.ts';

/** The unit of a job that only says: look what follows. */
export const settleUnit = '~settle';

export class RunCommit {
  readonly run: LockedRun;
  readonly live: LiveRun;
  readonly items: Item[];
  readonly ended: EndedItem[];
  readonly events: NewEvent[] = [];
  readonly logs: NewLog[] = [];
  readonly jobs: NewJob[] = [];
  readonly settled: string[] = [];
  readonly laterRows: StepRow[] = [];
  readonly artifacts: (NewArtifact & { workspace: string; run: string; step: string })[] = [];
  readonly next = new Map<EndedItem, string | null>();
  /** What would be queued if the run were not paused. */
  readonly parked: NewJob[] = [];
  readonly waits: WaitToOpen[] = [];
  /** Steps that have their end and wait for nothing any more. */
  readonly closing: { run: string; step: string }[] = [];
  /** Steps with runs below them that are tried again. */
  readonly passedOver: { run: string; step: string; attempt: number }[] = [];
  readonly compensated: { run: string; step: string }[] = [];
  /** Leases whose unit ended: the slots that it held are free. */
  readonly freeing: string[] = [];
  outcome: Outcome | null = null;
  output: Record<string, unknown> | null = null;
  readonly #worker: string;
  readonly #isYielding: boolean;
  readonly #now = new Date();
  #totals: RunTotals | null = null;
  #written: ReadonlySet<string> = new Set();
  /** When its first step began, not when that is written. */
  #startedAt: Date | null = null;
  /** When leases began what this commit ends too. */
  #briefly = new Map<Lease, Date>();

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
      this.#startedAt = items.reduce((first, item) => (item.kind === 'started' && item.at < first ? item.at : first), this.#now);
      this.#event({ type: 'run.started', at: this.#startedAt });
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

  /** `standings`: of a plan that is no line, as they are stored with this batch's results. `held`: what others hold of a run that is being cancelled. */
  decide({ written, standings, held }: { written: Set<string>; standings: Standings | null; held: { leases: string[]; children: number } }): void {
    this.#briefly = new Map(this.items.flatMap((item) => (item.kind === 'started' && !item.resumed ? [[item.lease, item.at] as const] : [])));
    this.#written = written;
    for (const item of this.items) this.#tell(item, written);
    if (this.ended.length === 0) return;
    for (const item of this.ended) this.#noteEnd(item);
    const known = standings ?? this.#known();
    if (finalRunStates.includes(this.run.state)) this.#settleAll();
    else if (this.run.state === 'cancelling') this.#endCancelled({ known, held });
    else this.#goOn({ known, written });
  }

  /** @param output - the outputs that the flow declares, or why they could not be made */
  finish(totals: RunTotals, output: { values: Record<string, unknown> } | { error: unknown } | null = null): void {
    this.#totals = output && 'error' in output ? { ...totals, error: totals.error ?? output.error } : totals;
    if (output && 'error' in output) this.outcome = 'failed';
    if (output && 'values' in output) this.output = output.values;
    this.#endRun(this.#totals);
  }

  #endRun(totals: RunTotals): void {
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
    return {
      id: this.run.id,
      state: this.run.state,
      eventSeq: this.run.event_seq,
      logSeq: this.run.log_seq,
      startedAt: this.#startedAt,
      finishedAt: this.outcome === null ? null : this.#now,
      summary: this.#totals,
      output: this.output,
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

  #goOn({ known, written }: { known: Standings; written: Set<string> }): void {
    const ended = this.ended.filter((item) => item.end.retry === null && item.end.steps.some((end) => written.has(`${this.run.id}/${end.step}`)));
    const looksAtAll = this.ended.some((item) => item.lease.unit === settleUnit);
    this.#follow({ known, ended: looksAtAll ? null : ended.flatMap(unitsOf), mayGoOn: (item) => looksAtAll || ended.includes(item) });
  }

  #follow({
    known,
    ended,
    mayGoOn,
    cancelling,
  }: {
    known: Standings;
    ended: string[] | null;
    mayGoOn(item: EndedItem): boolean;
    cancelling?: 'cleanly' | 'forced';
  }): void {
    const { ready, skipped, cancelled, outcome } = settle({ plan: this.live.plan, states: known, ended, ...(cancelling ? { cancelling } : {}) });
    for (const { step, reason } of skipped) {
      this.laterRows.push(this.#row({ step, state: 'skipped', reason, attempt: 1, finishedAt: this.#now }));
      this.#event({ type: 'step.skipped', step, data: { reason } });
    }
    for (const step of cancelled) {
      this.laterRows.push(this.#row({ step, state: 'cancelled', reason: 'the run was cancelled', attempt: 1, finishedAt: this.#now }));
      this.closing.push({ run: this.run.id, step });
    }
    this.outcome = outcome;
    const open = [...ready];
    for (const item of this.ended) this.next.set(item, this.#nextOf(item, { open, mayGoOn }));
    for (const unit of ready) if (!open.includes(unit)) this.#noteTaken(unit);
    for (const unit of open) this.#enqueue({ unit, attempt: 1 });
    for (const item of this.ended) this.#settleOrRetry(item);
  }

  /** What a lease goes on with has no row before it begins. What else could make it ready again must see that it has its turn. */
  #noteTaken(unit: string): void {
    const planned = this.live.plan.units.get(unit);
    const comesOnce = planned?.phase === 'main' && planned.steps.every((step) => this.live.plan.steps.get(step)?.join === 'all');
    if (comesOnce || isLine(this.live.plan)) return;
    for (const step of planned?.steps ?? []) this.laterRows.push(this.#row({ step, state: 'ready', reason: 'it is about to begin', attempt: 1 }));
  }

  /** Of a run that is being cancelled only what cleans up is tried again, waits, or goes on with runs below it. */
  #mayGoOn({ lease, end }: EndedItem): boolean {
    // It was queued twice, and its other turn has ended it: a wait that it opened now would stay open for ever.
    if (end.waiting !== undefined && !this.#stepsOf(lease.unit).some((step) => this.#written.has(`${this.run.id}/${step}`))) return false;
    if (this.run.state !== 'cancelling') return !finalRunStates.includes(this.run.state);
    return !this.run.cancel_forced && this.live.plan.units.get(lease.unit)?.phase !== 'main';
  }

  #nextOf(item: EndedItem, { open, mayGoOn }: { open: string[]; mayGoOn(item: EndedItem): boolean }): string | null {
    if (item.end.goesOn && this.#mayGoOn(item) && !this.#mustYield()) return item.lease.unit;
    return item.end.retry === null && mayGoOn(item) ? this.#take(open, item.lease.job.tag) : null;
  }

  #mustYield(): boolean {
    return this.#isYielding || this.run.paused_at !== null;
  }

  /** The first of the ready units that runs on workers of this tag: the lease goes on with it. */
  #take(open: string[], tag: string): string | null {
    if (this.#mustYield()) return null;
    const at = open.findIndex((unit) => this.live.plan.units.get(unit)?.tag === tag);
    return at < 0 ? null : (open.splice(at, 1)[0] ?? null);
  }

  #settleOrRetry(item: EndedItem): void {
    if (this.next.get(item)) return;
    this.settled.push(item.lease.job.id);
    const { retry, goesOn } = item.end;
    if (!this.#mayGoOn(item)) return;
    if (retry) this.#enqueue({ unit: item.lease.unit, attempt: retry.attempt, at: retry.at });
    else if (goesOn) this.#enqueue({ unit: item.lease.unit, attempt: item.lease.tried, isWaiting: true });
  }

  #settleAll(): void {
    for (const item of this.ended) this.next.set(item, null);
    this.settled.push(...this.ended.map(({ lease }) => lease.job.id));
  }

  /** Nothing of it may be held by others when it is cleaned up after: what they hold is being ended. */
  #endCancelled({ known, held }: { known: Standings; held: { leases: string[]; children: number } }): void {
    const mine = new Set(this.ended.map((item) => item.lease.job.id));
    const isAlone = held.children === 0 && held.leases.every((job) => mine.has(job));
    if (isAlone) this.#follow({ known, ended: null, mayGoOn: () => true, cancelling: this.run.cancel_forced ? 'forced' : 'cleanly' });
    else this.#endBesideOthers();
  }

  /** What follows is found by who ends last; only what cleans up already goes on by itself. */
  #endBesideOthers(): void {
    for (const item of this.ended) this.next.set(item, item.end.goesOn && this.#mayGoOn(item) ? item.lease.unit : null);
    for (const item of this.ended) this.#settleOrRetry(item);
  }

  /** What an ended unit leaves: slots, waits, and of an undo the mark on what it undid. */
  #noteEnd(item: EndedItem): void {
    const { lease, end } = item;
    const unit = this.live.plan.units.get(lease.unit);
    if (unit?.limits.length) this.freeing.push(lease.job.id);
    if (end.wait && this.#mayGoOn(item)) {
      const { workspace_id: workspace, id: run } = this.run;
      this.waits.push({ ...end.wait, workspace, run, attempt: lease.tried, tag: lease.job.tag, priority: this.#priorityOf(unit?.priority ?? 0) });
    }
    if (end.retry && unit?.spawn) this.passedOver.push({ run: this.run.id, step: unit.id, attempt: end.retry.attempt });
    if (end.retry || !unit) return;
    for (const step of end.steps) {
      if (unit.waits) this.closing.push({ run: this.run.id, step: step.step });
      if (unit.phase === 'undo' && step.state === 'succeeded') this.compensated.push({ run: this.run.id, step: undoneBy(step.step) });
    }
  }

  #priorityOf(unit: number): number {
    return jobPriority({ unit, run: this.live.priority });
  }

  #enqueue({ unit, attempt, at, isWaiting = false }: { unit: string; attempt: number; at?: Date; isWaiting?: boolean }): void {
    const planned = this.live.plan.units.get(unit);
    if (!planned) return;
    const job = { workspace: this.run.workspace_id, run: this.run.id, unit, attempt, tag: planned.tag, priority: this.#priorityOf(planned.priority), at };
    if (this.run.paused_at === null) this.jobs.push(job);
    else this.parked.push(job);
    if (at || isWaiting) return;
    for (const step of planned.steps)
      this.laterRows.push(this.#row({ step, state: 'ready', reason: `waits for a worker with the tag ${planned.tag}`, attempt }));
  }

  #endRows(item: EndedItem): StepRow[] {
    const { attempt } = item.lease;
    const { finishedAt, retry } = item.end;
    const startedAt = item.end.isResumed ? null : item.end.startedAt;
    if (retry)
      return this.#stepsOf(item.lease.unit).map((step) =>
        this.#row({ step, state: 'waiting', reason: retry.reason, attempt, startedAt, end: { output: null, preview: null, error: retry.error } }),
      );
    if (item.end.waiting !== undefined)
      return this.#stepsOf(item.lease.unit).map((step) => this.#row({ step, state: 'waiting', reason: item.end.waiting, attempt, worker: null, startedAt }));
    return item.end.steps.map((end) => {
      const times = end.ran ?? { startedAt: end.state === 'skipped' ? null : startedAt, finishedAt };
      return this.#row({ step: end.step, state: end.state, reason: end.reason, attempt, ...times, end });
    });
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

  /** Of a line this worker knows all there is. */
  #known(): Standings {
    const known = new KnownStandings(this.live.facts);
    for (const { end } of this.ended) for (const step of end.retry === null ? end.steps : []) known.set(step.step, { state: step.state });
    return known;
  }

  #tell(item: Item, written: Set<string>): void {
    if (item.kind === 'log') this.logs.push({ ...item.line, workspace: this.run.workspace_id, run: this.run.id, seq: ++this.run.log_seq });
    // The end of a run is its last event.
    if (finalRunStates.includes(this.run.state)) return;
    if (item.kind === 'event') this.#event({ type: item.type, step: item.step, data: item.data, at: item.at });
    if (item.kind === 'started' && !this.#endsNow(item)) this.#tellStart(item, written);
    if (item.kind === 'ended') this.#tellEnd(item, written);
  }

  /** One event says both of a step that begins and ends within one commit. */
  #endsNow({ lease, resumed }: Extract<Item, { kind: 'started' }>): boolean {
    return !resumed && this.ended.some((item) => item.lease === lease && item.end.steps.length > 0);
  }

  #tellStart(item: Extract<Item, { kind: 'started' }>, written: Set<string>): void {
    for (const step of this.#stepsOf(item.lease.unit)) {
      if (written.has(`${this.run.id}/${step}`))
        this.#event({
          type: item.resumed ? 'step.resumed' : 'step.started',
          step,
          // What was answered may be long, or for few to see: it stays with the step.
          data: { attempt: item.lease.attempt, worker: this.#worker, ...(item.resumed ? { by: item.resumed.by, who: item.resumed.who } : {}) },
          at: item.at,
        });
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
    if (item.end.wait) this.#tellWait(item.end.wait, item.lease.attempt);
    for (const end of item.end.steps) {
      if (!written.has(`${this.run.id}/${end.step}`)) {
        this.#event({ type: 'step.refused', step: end.step, data: { reason: 'a result was already recorded', worker: this.#worker } });
        continue;
      }
      const { startedAt, finishedAt } = end.ran ?? item.end;
      this.#event({
        type: `step.${end.state}`,
        step: end.step,
        data: {
          attempt: item.lease.attempt,
          ms: finishedAt.getTime() - startedAt.getTime(),
          ...this.#beginning(end.ran?.startedAt ?? this.#briefly.get(item.lease)),
          ...(end.output?.counts ? { counts: end.output.counts } : {}),
          ...(end.reason ? { reason: end.reason } : {}),
          ...(end.error ? { error: end.error } : {}),
        },
      });
      if (end.state === 'succeeded' && this.live.plan.units.get(item.lease.unit)?.phase === 'undo')
        this.#event({ type: 'step.compensated', step: undoneBy(end.step), data: { by: end.step } });
      for (const artifact of end.artifacts) this.artifacts.push({ ...artifact, workspace: this.run.workspace_id, run: this.run.id, step: end.step });
    }
  }

  #beginning(at: Date | undefined): { startedAt?: string; worker?: string } {
    return at ? { startedAt: at.toISOString(), worker: this.#worker } : {};
  }

  #tellWait({ step, kind, name, reason, until }: OpenWait, attempt: number): void {
    this.#event({
      type: 'step.waiting',
      step,
      data: { attempt, kind, reason, ...(name === null ? {} : { name }), ...(until ? { until: until.toISOString() } : {}) },
    });
  }

  #event({ type, step = null, data = {}, at = this.#now }: { type: RunEvent['type']; step?: string | null; data?: Record<string, unknown>; at?: Date }): void {
    this.events.push({ workspace: this.run.workspace_id, run: this.run.id, seq: ++this.run.event_seq, at, type, step, data });
  }
}

const undoneBy = (undo: string) => undo.slice(0, -'.undo'.length);

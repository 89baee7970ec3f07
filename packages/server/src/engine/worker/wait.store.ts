// What steps wait for. Whatever ends a wait writes its answer and makes its job in one transaction, so that an answer is never lost and never counts twice.
import { newId } from '../../base/ids.ts';
import { storable, storableJson } from '../../base/text.ts';
import type { NewJob, Runner } from './job-queue.ts';
import type { OpenWait, ParentStep } from './live-run.ts';
import { jobOf, type ParkedRow, parkPaused } from './park.store.ts';

export interface WaitToOpen extends OpenWait {
  workspace: string;
  run: string;
  attempt: number;
  tag: string;
  priority: number;
}

/** As the step that goes on gets it. */
export interface WaitRow {
  id: string;
  kind: OpenWait['kind'];
  data: Record<string, unknown>;
  /** Of the step: what another attempt waited for is no matter of this one. */
  attempt: number;
  opened_at: Date;
  until_at: Date | null;
  answer: WaitAnswer | null;
  ended_at: Date | null;
}
export interface WaitAnswer {
  by: 'time' | 'answer';
  answer: unknown;
  who: string | null;
  at: string;
}

/** Opens waits, for steps in the lock of their runs. @returns the jobs of those whose signal was there before them */
export async function openWaits(runner: Runner, waits: WaitToOpen[]): Promise<NewJob[]> {
  if (waits.length === 0) return [];
  const column = <T>(pick: (wait: WaitToOpen) => T) => waits.map(pick);
  await runner.query(
    `insert into step_wait (workspace_id, run_id, step_id, id, kind, name, reason, data, attempt, tag, priority, until_at)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::int[], $10::text[], $11::int[], $12::timestamptz[])
     on conflict (run_id, step_id) do update set id = excluded.id, kind = excluded.kind, name = excluded.name, reason = excluded.reason, data = excluded.data,
       attempt = excluded.attempt, opened_at = now(), until_at = excluded.until_at, tick_at = null, answer = null, ended_at = null`,
    [
      column((wait) => wait.workspace),
      column((wait) => wait.run),
      column((wait) => wait.step),
      column((wait) => wait.id),
      column((wait) => wait.kind),
      column((wait) => wait.name),
      column((wait) => storable(wait.reason)),
      column((wait) => storableJson(wait.data)),
      column((wait) => wait.attempt),
      column((wait) => wait.tag),
      column((wait) => wait.priority),
      column((wait) => wait.until),
    ],
  );
  const jobs: NewJob[] = [];
  for (const wait of waits) if (wait.name !== null) jobs.push(...(await takeEarlySignal(runner, { ...wait, name: wait.name })));
  return jobs;
}

async function takeEarlySignal(runner: Runner, { run, step, kind, name }: WaitToOpen & { name: string }): Promise<NewJob[]> {
  const { rows } = await runner.query<{ data: unknown; sent_by: string; at: Date }>(
    `update run_signal set taken_at = now() where id = (select id from run_signal where run_id = $1 and name = $2 and taken_at is null order by at limit 1)
     returning data, sent_by, at`,
    [run, signalName({ kind, name })],
  );
  const [signal] = rows;
  if (!signal) return [];
  return endWait(runner, { run, step, answer: { by: 'answer', answer: signal.data, who: signal.sent_by, at: signal.at.toISOString() } });
}

/** Ends an open wait with an answer. @returns its job; none when the wait had ended before */
export async function endWait(runner: Runner, { run, step, answer }: { run: string; step: string; answer: WaitAnswer }): Promise<NewJob[]> {
  const { rows } = await runner.query<ParkedRow>(
    `update step_wait set answer = $3, ended_at = now() where run_id = $1 and step_id = $2 and ended_at is null
     returning workspace_id, run_id, step_id as unit, attempt, tag, priority`,
    [run, step, storableJson(answer)],
  );
  return parkPaused(runner, rows.map(jobOf));
}

/** Of steps that have their end. */
export async function closeWaits(runner: Runner, steps: { run: string; step: string }[]): Promise<void> {
  if (steps.length === 0) return;
  await runner.query(
    `update step_wait w set ended_at = now() from unnest($1::uuid[], $2::text[]) as c(run, step) where w.run_id = c.run and w.step_id = c.step and w.ended_at is null`,
    [steps.map((one) => one.run), steps.map((one) => one.step)],
  );
}

/** Of steps that are tried again: what still calls for a look at the runs of the failed attempt finds that they are of no matter any more. */
export async function passOver(runner: Runner, steps: { run: string; step: string; attempt: number }[]): Promise<void> {
  if (steps.length === 0) return;
  await runner.query(
    `update step_wait w set attempt = c.attempt, ended_at = now() from unnest($1::uuid[], $2::text[], $3::int[]) as c(run, step, attempt)
     where w.run_id = c.run and w.step_id = c.step and w.kind = 'children'`,
    [steps.map((one) => one.run), steps.map((one) => one.step), steps.map((one) => one.attempt)],
  );
}

/**
 * Calls the steps that ended runs worked for to look at them: once for however many ended meanwhile. Whose call stands already is locked all the same, so that
 * the look it leads to waits for this end to be committed. @returns their jobs
 */
export async function tickParents(runner: Runner, parents: ParentStep[]): Promise<NewJob[]> {
  if (parents.length === 0) return [];
  const pairs = [parents.map((parent) => parent.run), parents.map((parent) => parent.step)];
  await runner.query(
    `select from step_wait where (run_id, step_id) in (select * from unnest($1::uuid[], $2::text[])) and kind = 'children' order by run_id, step_id for no key update`,
    pairs,
  );
  // A statement of its own: it must see what the look did that the lock waited for.
  const { rows } = await runner.query<ParkedRow>(
    `update step_wait w set tick_at = now() from run r
     where (w.run_id, w.step_id) in (select * from unnest($1::uuid[], $2::text[])) and w.kind = 'children' and w.tick_at is null and r.id = w.run_id and r.finished_at is null
     returning w.workspace_id, w.run_id, w.step_id as unit, w.attempt, w.tag, w.priority`,
    pairs,
  );
  return parkPaused(runner, rows.map(jobOf));
}

/** The look begins: what ends from now on calls for another one. */
export async function clearTick(runner: Runner, { run, step }: { run: string; step: string }): Promise<void> {
  await runner.query('update step_wait set tick_at = null where run_id = $1 and step_id = $2 and tick_at is not null', [run, step]);
}

/** Ends waits whose time is over; those for runs below are looked at. @returns their jobs */
export async function endOverdue(runner: Runner): Promise<NewJob[]> {
  const { rows } = await runner.query<ParkedRow>(
    `with due as (select run_id, step_id from step_wait where ended_at is null and until_at <= now() order by until_at limit 500 for no key update skip locked)
     update step_wait w set
       answer = case when kind = 'children' then null else jsonb_build_object('by', 'time', 'answer', null, 'who', null, 'at', to_jsonb(now())) end,
       ended_at = case when kind = 'children' then null else now() end,
       tick_at = case when kind = 'children' then now() end,
       until_at = case when kind = 'children' then null else until_at end
     from due where w.run_id = due.run_id and w.step_id = due.step_id
     returning w.workspace_id, w.run_id, w.step_id as unit, w.attempt, w.tag, w.priority`,
  );
  return parkPaused(runner, rows.map(jobOf));
}

export async function readWait(runner: Pick<Runner, 'query'>, { run, step }: { run: string; step: string }): Promise<WaitRow | null> {
  const { rows } = await runner.query<WaitRow>({
    name: 'read-wait',
    text: 'select id, kind, data, attempt, opened_at, until_at, answer, ended_at from step_wait where run_id = $1 and step_id = $2',
    values: [run, step],
  });
  return rows[0] ?? null;
}

/** Keeps a signal that no step waits for yet. */
export async function keepSignal(
  runner: Runner,
  { workspace, run, kind, name, data, who }: { workspace: string; run: string; kind: 'signal' | 'callback'; name: string; data: unknown; who: string },
): Promise<void> {
  await runner.query('insert into run_signal (workspace_id, id, run_id, name, data, sent_by) values ($1, $2, $3, $4, $5, $6)', [
    workspace,
    newId(),
    run,
    signalName({ kind, name }),
    storableJson(data),
    storable(who),
  ]);
}

function signalName({ kind, name }: { kind: string; name: string }): string {
  return `${kind} ${name}`;
}

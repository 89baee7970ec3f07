// The step `test.act`: does what its configuration says, and tells a receiver outside what it begins and does.
import { setTimeout as sleep } from 'node:timers/promises';
import { Conflict, Unreachable } from '@tidewheel/contract/errors';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import { newId } from '../../base/ids.ts';
import { testStep } from '../engine-bench.ts';
import { type Acting, actingOf, sumOf } from './acting.ts';
import { weight } from './expressions.ts';

/** What the receiver is told. `kept`: what `ctx.once` gave. */
export interface Told {
  what: 'begins' | 'delivers' | 'keeps' | 'kept' | 'ends';
  run: string;
  step: string;
  attempt: number;
  key: string;
  token?: string;
  /** Keys of which it holds a slot meanwhile. */
  holds: string[];
  /** One beginning and its end, in one process. */
  act: string;
  pid: number;
  /** When the step came to it, by the clock of the machine, in ms since 1970. */
  at: number;
}

/** @throws Unreachable when it cannot be told */
export type Receiver = (told: Told, signal: AbortSignal) => Promise<void>;

export function actingStep(receiver: Receiver): AnyStepType {
  return testStep('test.act', (config, ctx) => act({ config, ctx, receiver }));
}

async function act({ config, ctx, receiver }: { config: Record<string, unknown>; ctx: StepContext; receiver: Receiver }): Promise<StepResult> {
  const acting = actingOf(config);
  const who = { run: ctx.run.id, step: ctx.step, attempt: ctx.attempt, key: ctx.idempotencyKey, holds: acting.holds, act: newId(), pid: process.pid };
  // Not by `Date`, which a campaign shifts.
  const at = () => performance.timeOrigin + performance.now();
  const tell = (what: Told['what'], token?: string) => receiver({ ...who, what, at: at(), ...(token === undefined ? {} : { token }) }, ctx.signal);
  try {
    return await actOut({ acting, ctx, tell });
  } finally {
    // Told also when its time is over, and waited for by nobody.
    if (acting.holds.length > 0) receiver({ ...who, what: 'ends', at: at() }, AbortSignal.timeout(10_000)).catch(() => {});
  }
}

interface Acts {
  acting: Acting;
  ctx: StepContext;
  tell(what: Told['what'], token?: string): Promise<void>;
}

async function actOut({ acting, ctx, tell }: Acts): Promise<StepResult> {
  await tell('begins');
  await sleep(acting.ms, undefined, { signal: ctx.signal });
  if (ctx.attempt <= acting.fails) throw new Unreachable('test.flaky', 'it fails on purpose');
  if (acting.refuses !== null && ctx.evaluate(acting.refuses) === true) throw new Conflict('test.refused', 'it refuses on purpose');
  if (acting.keeps) await tell('kept', await ctx.once('token', () => keep(tell)));
  if (acting.delivers) await tell('delivers');
  const handed = [...acting.of.map((name) => ctx.evaluate(name)), ...Object.values(ctx.inputs).map(({ value }) => value)];
  return { value: sumOf(acting, handed.map(weight)) };
}

async function keep(tell: (what: 'keeps', token: string) => Promise<void>): Promise<string> {
  const token = newId();
  await tell('keeps', token);
  return token;
}

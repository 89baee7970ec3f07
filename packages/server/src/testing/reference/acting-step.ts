// The step `test.act`: does what its configuration says, and tells a receiver outside what it begins and does.
import { setTimeout as sleep } from 'node:timers/promises';
import { Conflict, Unreachable } from '@tidewheel/contract/errors';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import { newId } from '../../base/ids.ts';
import { testStep } from '../engine-bench.ts';
import { actingOf, sumOf } from './acting.ts';
import { weight } from './expressions.ts';

/** What the receiver is told. `kept`: what `ctx.once` gave. */
export interface Told {
  what: 'begins' | 'delivers' | 'keeps' | 'kept';
  run: string;
  step: string;
  attempt: number;
  key: string;
  token?: string;
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
  const tell = (what: Told['what'], token?: string) => {
    // Not by `Date`, which a campaign shifts.
    const at = performance.timeOrigin + performance.now();
    const told = { what, run: ctx.run.id, step: ctx.step, attempt: ctx.attempt, key: ctx.idempotencyKey, at };
    return receiver(token === undefined ? told : { ...told, token }, ctx.signal);
  };
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

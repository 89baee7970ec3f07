// What follows from what stands: every rule of it, without a database.
import { FlowDocument } from '@tidewheel/contract/flow-document';
import type { StepState } from '@tidewheel/contract/run';
import { flowIf } from '@tidewheel/steps/flow/if.step';
import { expect, test } from 'vitest';
import { testStep } from '../../testing/engine-bench.ts';
import { planFlow } from '../flows/plan.ts';
import { type Settling, type Standings, settle } from './decide.ts';

const types = new Map([testStep('do', async () => ({})), flowIf].map((type) => [type.type, type]));

function look(steps: Record<string, object>, standing: Record<string, StepState | string[]>, more: Partial<Settling> = {}) {
  const uses = Object.entries(steps).map(([id, step]) => [id, { use: 'do', ...step }]);
  const plan = planFlow(FlowDocument.parse({ flow: 'f', title: 'f', steps: Object.fromEntries(uses) }), types);
  const states: Standings = new Map(
    Object.entries(standing).map(([id, stands], at) => [
      id,
      { state: Array.isArray(stands) ? 'succeeded' : stands, branches: Array.isArray(stands) ? stands : undefined, finishedAt: new Date(at) },
    ]),
  );
  const { ready, skipped, cancelled, outcome } = settle({ plan, states, ended: null, ...more });
  return { ready, skipped: skipped.map(({ step, reason }) => `${step}: ${reason}`), cancelled, outcome };
}
const nothing = { ready: [], skipped: [], cancelled: [], outcome: null };

test('all waits for every one before it, and is skipped for the first that did not succeed', () => {
  const steps = { a: {}, b: {}, c: { after: ['a', 'b'] } };
  expect(look(steps, { a: 'succeeded', b: 'running' })).toEqual(nothing);
  expect(look(steps, { a: 'succeeded', b: 'succeeded' })).toEqual({ ...nothing, ready: ['c'] });
  expect(look(steps, { a: 'failed', b: 'succeeded' })).toEqual({ ...nothing, skipped: ['c: a failed'], outcome: 'failed' });
});

test('any needs one, a number so many, taken all that were taken', () => {
  const before = { a: {}, b: {}, c: {} };
  const after = ['a', 'b', 'c'];
  const any = { ...before, z: { after, join: 'any' } };
  expect(look(any, { a: 'failed', b: 'succeeded', c: 'running' }).ready).toEqual(['z']);
  expect(look(any, { a: 'failed', b: 'skipped', c: 'running' }).ready).toEqual([]);
  const two = { ...before, z: { after, join: 2 } };
  expect(look(two, { a: 'succeeded', b: 'running', c: 'running' })).toEqual(nothing);
  expect(look(two, { a: 'failed', b: 'failed', c: 'running' }).skipped).toEqual(['z: only 0 of the 2 steps that it needs succeeded']);
  const taken = { ...before, z: { after, join: 'taken' } };
  expect(look(taken, { a: 'skipped', b: 'succeeded', c: 'running' })).toEqual(nothing);
  expect(look(taken, { a: 'skipped', b: 'succeeded', c: 'skipped' }).ready).toEqual(['z']);
  expect(look(taken, { a: 'skipped', b: 'succeeded', c: 'failed' }).skipped).toEqual(['z: c failed']);
  expect(look(taken, { a: 'skipped', b: 'skipped', c: 'skipped' }).ready).toEqual([]);
});

test('a branch leads on when it was taken, and the other one is skipped with all that needs it', () => {
  const steps = { if: { use: 'flow.if', with: { condition: 'true' } }, yes: { after: 'if.then' }, no: { after: 'if.else' }, far: { after: 'no' } };
  const settled = look(steps, { if: ['then'] });
  expect(settled.ready).toEqual(['yes']);
  expect(settled.skipped).toEqual(['no: if did not take the branch else', 'far: no was skipped']);
});

test('on failure and always mind how it ended; a failure that is allowed counts as done, but not as an input', () => {
  const steps = { a: {}, mend: { after: 'a', on: 'failure' }, either: { after: 'a', on: 'always' } };
  expect(look(steps, { a: 'failed' }).ready).toEqual(['mend', 'either']);
  expect(look(steps, { a: 'succeeded' })).toMatchObject({ ready: ['either'], skipped: ['mend: nothing before it failed'] });
  const allowed = { a: { mayFail: true }, next: { after: 'a' }, reads: { from: 'a' } };
  expect(look(allowed, { a: 'failed' })).toMatchObject({ ready: ['next'], skipped: ['reads: a failed'] });
  expect(look(allowed, { a: 'failed', next: 'succeeded', reads: 'skipped' }).outcome).toBe('succeeded');
  // Which branch it would have taken nobody knows.
  const choice = { a: { use: 'flow.if', with: { condition: 'x' }, mayFail: true }, yes: { after: 'a.then' }, no: { after: 'a.else' } };
  expect(look(choice, { a: 'failed' })).toMatchObject({ ready: [], skipped: ['yes: a failed', 'no: a failed'], outcome: 'succeeded' });
});

test('what runs at the end is not undone', () => {
  const steps = { a: {}, tidy: { on: 'always', undo: { use: 'do' } }, last: { after: 'tidy' } };
  expect(look(steps, { a: 'failed', tidy: 'succeeded' }).ready).toEqual(['last']);
});

test('after a failure it is undone, last first and one at a time, then comes what is at the end', () => {
  const undo = { use: 'do' };
  const steps = { a: { undo }, b: { after: 'a', undo }, c: { after: 'b' }, alarm: { on: 'failure' }, clean: { on: 'always' }, last: { after: 'clean' } };
  const failed = { a: 'succeeded', b: 'succeeded', c: 'failed' } as const;
  expect(look(steps, { ...failed, c: 'running' })).toEqual(nothing);
  expect(look(steps, failed).ready).toEqual(['b.undo']);
  expect(look(steps, { ...failed, 'b.undo': 'running' })).toEqual(nothing);
  expect(look(steps, { ...failed, b: 'compensated', 'b.undo': 'succeeded' }).ready).toEqual(['a.undo']);
  // Also when the clock of the worker that ran b was behind.
  expect(look(steps, { b: 'succeeded', a: 'succeeded', c: 'failed' }).ready).toEqual(['b.undo']);
  // What cannot be undone does not keep the rest from it.
  expect(look(steps, { ...failed, 'b.undo': 'failed' }).ready).toEqual(['a.undo']);
  const undone = { ...failed, 'b.undo': 'succeeded', 'a.undo': 'succeeded', a: 'compensated', b: 'compensated' } as const;
  expect(look(steps, undone).ready).toEqual(['alarm', 'clean']);
  expect(look(steps, { ...undone, alarm: 'succeeded', clean: 'succeeded', last: 'succeeded' }).outcome).toBe('failed');
  expect(look(steps, { a: 'succeeded', b: 'succeeded', c: 'succeeded' })).toMatchObject({ ready: ['clean'], skipped: ['alarm: the run did not fail'] });
  expect(look(steps, { a: 'succeeded', b: 'succeeded', c: 'succeeded', alarm: 'skipped', clean: 'failed', last: 'skipped' }).outcome).toBe('failed');
});

test('a cancelled run gives up what is open, is cleaned up after, and forced it is not', () => {
  const steps = { a: { undo: { use: 'do' } }, b: { after: 'a' }, clean: { on: 'always' } };
  const standing = { a: 'succeeded', b: 'waiting' } as const;
  expect(look(steps, standing, { cancelling: 'cleanly' })).toEqual({ ...nothing, ready: ['a.undo'], cancelled: ['b'] });
  const undone = { a: 'compensated', b: 'cancelled', 'a.undo': 'succeeded' } as const;
  expect(look(steps, undone, { cancelling: 'cleanly' }).ready).toEqual(['clean']);
  expect(look(steps, { ...undone, clean: 'succeeded' }, { cancelling: 'cleanly' }).outcome).toBe('cancelled');
  expect(look(steps, { ...undone, clean: 'running' }, { cancelling: 'forced' })).toMatchObject({ cancelled: ['clean'], outcome: 'cancelled' });
});

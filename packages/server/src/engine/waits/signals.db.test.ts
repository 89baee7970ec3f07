// Signals and callbacks on real Postgres: they end the wait that they are for, or are kept, once and bounded.
import { randomBytes } from 'node:crypto';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { callbackAddresses } from '../callbacks.ts';
import { callBack, type SignalDeps, sendSignal, showCallback } from './signals.service.ts';

let bench: EngineBench;
let deps: SignalDeps;
beforeAll(async () => {
  bench = await startEngineBench({ types: stepTypes, steps: {} });
  const key = randomBytes(32);
  deps = {
    databases: bench.databases,
    queue: bench.engine.queue,
    callbacks: { key, ...callbackAddresses({ key, origin: () => 'https://tidewheel.example.org' }) },
  };
});
afterAll(() => bench.close());

const waits = (name: string, within?: string) => ({ use: 'flow.signal', with: { name, ...(within && { within }) } });
const stateOf = (step: string, state: string) => (run: { steps: { step: string; state: string }[] }) =>
  run.steps.find((one) => one.step === step)?.state === state;
const send = (run: string, name: string, data?: unknown) => sendSignal(deps, bench.actor, { run, name, data });
const tokenOf = (run: string) => deps.callbacks.addressOf(run).split('/').at(-1) ?? '';

describe('signals', () => {
  test('the step that waits goes on with what was sent, and by whom', async () => {
    const { id } = await bench.start({ steps: { go: waits('go'), next: { use: 'flow.value', after: 'go', with: { value: 'steps.go.value.data.price' } } } });
    await bench.until(id, stateOf('go', 'waiting'));
    expect(await send(id, 'other', 1)).toEqual({ step: null, kept: true });
    expect(await send(id, 'go', { price: 7 })).toEqual({ step: 'go', kept: false });
    const ended = await bench.ended(id);
    expect(ended.state).toBe('succeeded');
    expect(ended.steps.map((step) => step.value)).toMatchObject([{ data: { price: 7 }, by: 'test' }, 7]);
    await expect(send(id, 'go')).rejects.toMatchObject({ code: 'run.ended', status: 409 });
  });

  test('one that came before is there when its step waits; each is taken once, the oldest first', async () => {
    const { id } = await bench.start({ steps: { gate: waits('open'), a: { ...waits('go'), after: 'gate' }, b: { ...waits('go'), after: 'a' } } });
    await bench.until(id, stateOf('gate', 'waiting'));
    for (const data of ['first', 'second']) expect(await send(id, 'go', data)).toEqual({ step: null, kept: true });
    await send(id, 'open');
    const ended = await bench.ended(id);
    expect(ended.steps.map((step) => (step.value as { data: unknown }).data)).toEqual([null, 'first', 'second']);
  });

  test('what cleans up after a cancelled run is answered too', async () => {
    const { id } = await bench.start({ steps: { go: waits('go'), tidy: { ...waits('tidy'), on: 'always' }, last: { ...waits('last'), after: 'tidy' } } });
    await bench.until(id, stateOf('go', 'waiting'));
    await bench.runs.cancelRun(bench.actor, id);
    await bench.until(id, stateOf('tidy', 'waiting'));
    expect(await send(id, 'last', 2)).toEqual({ step: null, kept: true });
    expect(await send(id, 'tidy', 1)).toEqual({ step: 'tidy', kept: false });
    const ended = await bench.ended(id);
    expect([ended.state, ended.steps.map(({ state }) => state)]).toEqual(['cancelled', ['cancelled', 'succeeded', 'succeeded']]);
  });

  test('of two steps that wait for the same name one signal lets one go on', async () => {
    const { id } = await bench.start({ steps: { a: waits('go'), b: waits('go') } });
    await bench.until(id, (run) => run.steps.every((step) => step.state === 'waiting'));
    const [one, other] = await Promise.all([send(id, 'go', 1), send(id, 'go', 2)]);
    expect([one.step, other.step].sort()).toEqual(['a', 'b']);
    expect((await bench.ended(id)).state).toBe('succeeded');
  });

  test('a hundred are kept and no more; what is too large is refused', async () => {
    const { id } = await bench.start({ steps: { go: waits('go') } });
    await bench.until(id, stateOf('go', 'waiting'));
    for (let n = 0; n < 100; n++) await send(id, 'never', n);
    await expect(send(id, 'never')).rejects.toMatchObject({ code: 'signal.too_many', status: 429 });
    await expect(send(id, 'go', 'x'.repeat(65_537))).rejects.toMatchObject({ code: 'signal.too_large', status: 413 });
    expect(await send(id, 'go')).toEqual({ step: 'go', kept: false });
    await bench.ended(id);
  });

  test('who may not run the flow sends none, and who may not see the run learns nothing', async () => {
    const { id } = await bench.start({ steps: { go: waits('go') } });
    const reader = limitedActor(bench.actor.workspaceId, { rules: [{ permissions: ['run.read'] }, { permissions: ['flow.run'], where: { flow: ['other'] } }] });
    const stranger = limitedActor(bench.actor.workspaceId, { rules: [{ permissions: ['run.read', 'flow.run'], where: { flow: ['other'] } }] });
    await expect(sendSignal(deps, reader, { run: id, name: 'go', data: null })).rejects.toMatchObject({ status: 403 });
    await expect(sendSignal(deps, stranger, { run: id, name: 'go', data: null })).rejects.toMatchObject({ code: 'run.unknown', status: 404 });
    await expect(showCallback(deps, reader, { run: id, name: 'go' })).rejects.toMatchObject({ status: 403 });
    await send(id, 'go');
    await bench.ended(id);
  });

  test('a signal and the opening of its wait at the same moment: it is never lost', async () => {
    const runs = await Promise.all(
      Array.from({ length: 30 }, () => bench.start({ steps: { first: { use: 'flow.value', with: { value: '1' } }, go: { ...waits('go'), after: 'first' } } })),
    );
    await Promise.all(runs.map(({ id }) => send(id, 'go', 'now')));
    for (const { id } of runs) expect((await bench.ended(id)).state).toBe('succeeded');
  });
});

describe('callbacks', () => {
  test('whoever has the address lets the run go on; any other address is none', async () => {
    const { id } = await bench.start({ steps: { done: { use: 'flow.callback', with: { name: 'done' } } } });
    await bench.until(id, stateOf('done', 'waiting'));
    const token = tokenOf(id);
    const wrong = [
      { token: `${token.slice(0, -4)}AAAA`, name: 'done' },
      { token: token.slice(0, 20), name: 'done' },
      // The last character holds two bits of the proof and four that mean nothing; whatever is no character of base64 is passed over.
      { token: `${token.slice(0, -1)}${String.fromCharCode(token.charCodeAt(token.length - 1) + 1)}`, name: 'done' },
      { token: `${token}!`, name: 'done' },
      { token, name: 'not a name' },
      { token: tokenOf('019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11'), name: 'done' },
    ];
    for (const one of wrong)
      await expect(callBack(deps, { ...one, data: null, via: undefined })).rejects.toMatchObject({ code: 'callback.unknown', status: 404 });
    expect(await showCallback(deps, bench.actor, { run: id, name: 'done' })).toEqual({ url: `https://tidewheel.example.org/api/callbacks/${token}/done` });
    await send(id, 'done', 'a signal is no callback');
    await callBack(deps, { token, name: 'done', data: { rows: 3 }, via: undefined });
    const ended = await bench.ended(id);
    expect(ended.steps[0]?.value).toMatchObject({ data: { rows: 3 } });
    await expect(callBack(deps, { token, name: 'done', data: null, via: undefined })).rejects.toMatchObject({ code: 'run.ended' });
  });
});

// Webhooks on a real engine: the same call starts one run, whoever sends it how often; what is refused is in the history, bounded.
import { randomUUID } from 'node:crypto';
import type { AppError } from '@tidewheel/contract/errors';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTriggerBench, type TriggerBench } from '../testing/trigger-bench.ts';
import { replayEvent } from '../trigger-history.service.ts';
import { setSecret } from '../trigger-secret.service.ts';
import { archiveTrigger, pauseTrigger, showTrigger, updateTrigger } from '../triggers.service.ts';
import { type HookAnswer, type HookCall, Hooks } from './receive.ts';

let bench: TriggerBench;
let hooks: Hooks;
let flow: string;
beforeAll(async () => {
  bench = await startTriggerBench();
  hooks = new Hooks(bench.deps);
  flow = await bench.apply({
    parameters: { n: { type: 'integer' } },
    steps: { twice: { use: 'flow.value', with: { value: 'n * 2' } } },
    outputs: { twice: { value: 'steps.twice.value' } },
  });
});
afterAll(async () => {
  await hooks.close();
  await bench.close();
});

const parameters = { n: 'event.body.n' };
interface Made {
  slug: string;
  id: string;
  secret: string;
}
async function made(config: Record<string, unknown> = {}, changes: object = {}): Promise<Made> {
  const slug = await bench.make({ kind: 'webhook', flow, parameters, config, ...changes });
  const { secret, trigger } = await setSecret(bench.deps, bench.actor, { slug, overlapHours: 0 });
  return { slug, id: trigger.id, secret };
}
function call(id: string, headers: Record<string, string>, body: unknown): HookCall {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return { id, headers, query: {}, body: { type: 'application/json', bytes }, signal: new AbortController().signal };
}
function signed({ id, secret }: Pick<Made, 'id' | 'secret'>, body: unknown, message: string = randomUUID(), at = new Date()): HookCall {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    'webhook-id': message,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(message, at, text),
  };
  return call(id, headers, text);
}
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'taken',
    (error: { status: number; code: string }) => `${error.status} ${error.code}`,
  );
/** Refused calls are noted a moment later. */
async function history(slug: string, count: number) {
  for (;;) {
    const events = await bench.history(slug);
    if (events.length >= count) return events;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Calls that all come at once. */
async function flooded(to: Hooks, hook: Made, count: number): Promise<{ taken: HookAnswer[]; refused: AppError[] }> {
  const answers = await Promise.allSettled(Array.from({ length: count }, (_, n) => to.receive(signed(hook, { n }))));
  const taken = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return { taken, refused: answers.flatMap((one) => (one.status === 'rejected' ? [one.reason as AppError] : [])) };
}
const told = new Map<string, string[]>();
/** What was told is what is there: no run twice, none that nobody was told of. */
async function eachHasItsRun({ id }: Made, taken: HookAnswer[]): Promise<void> {
  expect(taken.every(({ status, duplicate }) => status === 202 && !duplicate)).toBe(true);
  told.set(id, [...(told.get(id) ?? []), ...taken.map(({ run }) => run ?? '')]);
  const { rows } = await bench.databases.enginePool.query<{ id: string }>('select id from run where origin_id = $1', [id]);
  expect(rows.map((row) => row.id).sort()).toEqual(told.get(id)?.toSorted());
}

describe('a call', () => {
  test('starts one run with its parameters, and is kept', async () => {
    const hook = await made({ headers: ['X-Event'] });
    const one = signed(hook, { n: 21 }, 'msg_1');
    const answer = await hooks.receive({ ...one, headers: { ...one.headers, 'x-event': 'prices', 'x-other': 'no' }, query: { day: '1' } });
    expect(answer).toMatchObject({ status: 202, duplicate: false, number: expect.any(Number) });
    expect(await bench.ended(answer.run ?? '')).toMatchObject({
      state: 'succeeded',
      parameters: { n: 21 },
      output: { twice: 42 },
      origin: { kind: 'trigger', slug: hook.slug },
    });
    expect(await bench.history(hook.slug)).toMatchObject([
      { id: answer.event, state: 'fired', times: 1, event: { id: 'msg_1', body: { n: 21 }, headers: { 'x-event': 'prices' }, query: { day: '1' } } },
    ]);
  });

  test('that comes again, also at the same moment, is answered 200 with the same run', async () => {
    const hook = await made();
    const same = signed(hook, { n: 1 }, 'msg_2');
    const answers = await Promise.all(Array.from({ length: 20 }, () => hooks.receive(same)));
    const [run] = new Set(answers.map((answer) => answer.run));
    expect(new Set(answers.map((answer) => answer.run)).size).toBe(1);
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(1);
    expect(await hooks.receive(same)).toMatchObject({ status: 200, duplicate: true, run });
    expect(await bench.history(hook.slug)).toMatchObject([{ times: 21, run: { id: run } }]);
  });

  test('with an HMAC is the same by its signature; with a token each is another, or by its id', async () => {
    const bearer = await made({ mode: 'bearer' });
    const headers = { authorization: `Bearer ${bearer.secret}` };
    for (let times = 0; times < 2; times++) expect(await hooks.receive(call(bearer.id, headers, { n: 1 }))).toMatchObject({ status: 202 });
    const named = await made({ mode: 'bearer', idHeader: 'X-Id' });
    const first = await hooks.receive(call(named.id, { authorization: `Bearer ${named.secret}`, 'x-id': '7' }, { n: 1 }));
    expect(await hooks.receive(call(named.id, { authorization: `Bearer ${named.secret}`, 'x-id': '7' }, { n: 2 }))).toMatchObject({
      status: 200,
      run: first.run,
    });
  });

  test('that waits gets what the run gave, or after its time the run alone', async () => {
    const hook = await made({ answer: 'sync', waitSeconds: 30 });
    expect(await hooks.receive(signed(hook, { n: 4 }))).toMatchObject({ status: 200, state: 'succeeded', output: { twice: 8 } });
    const slow = await bench.apply({ parameters: { n: { type: 'integer' } }, steps: { nap: { use: 'flow.sleep', with: { for: '10m' } } } });
    const waiting = await made({ answer: 'sync', waitSeconds: 1 }, { flow: slow });
    const answer = await hooks.receive(signed(waiting, { n: 4 }));
    expect(answer).toMatchObject({ status: 202, state: 'running', output: null });
    await bench.runs.cancelRun(bench.actor, answer.run ?? '');
  });

  test('whose condition is false starts nothing; it can fire later, by hand', async () => {
    const hook = await made({}, { condition: 'event.body.n > 5' });
    const answer = await hooks.receive(signed(hook, { n: 1 }));
    expect(answer).toMatchObject({ status: 202, run: null });
    await updateTrigger(bench.deps, bench.actor, { slug: hook.slug, title: 'x', config: {}, parameters, condition: null });
    const again = await replayEvent(bench.deps, bench.actor, { slug: hook.slug, id: answer.event });
    expect(again).toMatchObject({ state: 'fired', replayOf: answer.event });
    expect(await bench.ended(again.run?.id ?? '')).toMatchObject({ parameters: { n: 1 } });
  });
});

describe('what is refused', () => {
  test('wrong proofs, bodies and states each say what is wrong, and are counted by minute', async () => {
    const hook = await made({ maxBytes: 100 });
    const dayMs = 86_400_000;
    const wrong = () => signed({ ...hook, secret: `whsec_${Buffer.alloc(32).toString('base64')}` }, { n: 1 });
    expect(await outcome(hooks.receive(wrong()))).toBe('401 trigger.proof');
    expect(await outcome(hooks.receive(wrong()))).toBe('401 trigger.proof');
    expect(await outcome(hooks.receive(signed(hook, { n: 1 }, 'late', new Date(Date.now() - dayMs))))).toBe('401 trigger.proof');
    expect(await outcome(hooks.receive(signed(hook, '{"n":')))).toBe('400 trigger.body');
    expect(await outcome(hooks.receive(signed(hook, { n: 'x'.repeat(200) })))).toBe('413 trigger.too_large');
    expect(await outcome(hooks.receive(signed(hook, { n: 'no number' })))).toBe('400 run.parameters');
    expect(await outcome(hooks.receive(call('nothing', {}, {})))).toBe('404 trigger.no_hook');
    expect(await outcome(hooks.receive(call(randomUUID(), {}, {})))).toBe('404 trigger.no_hook');
    await pauseTrigger(bench.deps, bench.actor, hook.slug);
    expect(await outcome(hooks.receive(signed(hook, { n: 1 })))).toBe('409 trigger.paused');
    const events = await history(hook.slug, 5);
    const proofs = events.filter((event) => event.reason?.includes('does not prove'));
    expect(proofs.reduce((sum, event) => sum + event.times, 0)).toBe(3);
    expect(events.every((event) => event.state === 'refused' && event.run === null)).toBe(true);
    await archiveTrigger(bench.deps, bench.actor, hook.slug);
    expect(await outcome(hooks.receive(signed(hook, { n: 1 })))).toBe('404 trigger.no_hook');
  });

  test('what failed may come again, and fires then', async () => {
    const hook = await made({}, { parameters: { n: 'event.body.m' } });
    const same = signed(hook, { n: 3 }, 'again');
    expect(await outcome(hooks.receive(same))).toBe('400 expression.failed');
    await updateTrigger(bench.deps, bench.actor, { slug: hook.slug, title: 'x', config: {}, parameters, condition: null });
    expect(await hooks.receive(same)).toMatchObject({ status: 202, duplicate: false });
    expect(await bench.history(hook.slug)).toMatchObject([{ state: 'fired', times: 2, reason: null }]);
  });

  test('a flood is answered 429, before anything is looked up', async () => {
    const hook = await made({ perSecond: 5 });
    const { taken, refused } = await flooded(hooks, hook, 500);
    expect(refused.every(({ code, details }) => code === 'trigger.too_often' && Number(details?.['retryAfterSeconds']) > 0)).toBe(true);
    expect(refused.length).toBeGreaterThan(470);
    expect(taken.length).toBeGreaterThanOrEqual(10);
    await eachHasItsRun(hook, taken);
  });

  test('what comes while too many are being recorded is answered 429, and every call that was taken has its run', async () => {
    const hook = await made({ perSecond: 10_000 });
    const few = new Hooks(bench.deps, { mostAtOnce: 20 });
    for (let wave = 0; wave < 3; wave++) {
      const { taken, refused } = await flooded(few, hook, 100);
      expect([taken.length, refused.length]).toEqual([20, 80]);
      expect(refused.every(({ code, details }) => code === 'trigger.busy' && details?.['retryAfterSeconds'] === 1)).toBe(true);
      await eachHasItsRun(hook, taken);
    }
    await few.close();
  });
});

describe('the secret', () => {
  test('of before counts until the overlap ends; without one nothing is taken', async () => {
    const hook = await made();
    const { secret } = await setSecret(bench.deps, bench.actor, { slug: hook.slug, overlapHours: 1 });
    for (const one of [hook.secret, secret]) expect(await outcome(hooks.receive(signed({ ...hook, secret: one }, { n: 1 })))).toBe('taken');
    await bench.databases.enginePool.query(`update flow_trigger set secret_previous_until = now() where id = $1`, [hook.id]);
    expect(await outcome(hooks.receive(signed(hook, { n: 1 })))).toBe('401 trigger.proof');
    expect(await outcome(hooks.receive(signed({ ...hook, secret }, { n: 1 })))).toBe('taken');
    const slug = await bench.make({ kind: 'webhook', flow, parameters, config: {} });
    const { id, url, secret: none } = await showTrigger(bench.deps, bench.actor, slug);
    expect([url, none]).toEqual([`https://tidewheel.example.org/api/hooks/${id}`, null]);
    expect(await outcome(hooks.receive(signed({ id, secret }, { n: 1 })))).toBe('409 trigger.no_secret_yet');
    await expect(setSecret(bench.deps, bench.actor, { slug, secret: 'not of this standard', overlapHours: 0 })).rejects.toMatchObject({
      code: 'trigger.secret',
    });
  });
});

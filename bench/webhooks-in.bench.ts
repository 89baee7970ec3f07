// npm run bench webhooks-in: how soon a webhook is answered, how many a second start a run of three steps that is recorded, and what a flood does to the others.
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import path from 'node:path';
import { createClient } from '../packages/client/src/client.ts';
import { applyFlow, createTrigger, listRuns, setTriggerSecret, updateTrigger } from '../packages/client/src/routes.ts';
import { startTestServer } from '../packages/server/src/testing/server.ts';
import { type BenchResult, report } from './report.ts';
import { ask, signer } from './webhooks-in/caller.ts';
import { flood, resultsOf } from './webhooks-in/flood.ts';

const flow = `flow: called
title: Called
parameters:
  n: { type: integer }
steps:
  a: { use: flow.value, with: { value: n } }
  b: { use: flow.value, after: a, with: { value: n + 1 } }
  c: { use: flow.value, after: b, with: { value: n + 2 } }
`;

const server = await startTestServer({ environment: { TIDEWHEEL_RATE_LIMITS: 'on', TIDEWHEEL_LOG_LEVEL: 'warn' } });
const agent = new Agent({ keepAlive: true, maxSockets: 250 });
try {
  const { token } = JSON.parse(await readFile(path.join(server.dataFolder, 'cli-token.json'), 'utf8')) as { token: string };
  const client = createClient({ origin: server.origin, token });
  await client.call(applyFlow, { body: { source: flow } });
  const settings = { title: 'Called', config: { perSecond: 10_000 }, parameters: { n: 'event.body.n' } };
  const { id } = await client.call(createTrigger, { body: { ...settings, slug: 'called', kind: 'webhook', flow: 'called' } });
  const { secret } = await client.call(setTriggerSecret, { params: { slug: 'called' }, body: {} });
  const hook = { origin: server.origin, id, secret };
  const sign = signer(hook);
  const call: Call = (n) => ask(agent, `${server.origin}/api/hooks/${id}`, sign(n));
  const bare = () => ask(agent, `${server.origin}/health/live`);
  const results = [...(await latency(call, bare)), await throughput(call, bare)];
  const recorded = async () => (await client.call(listRuns, { query: { trigger: 'called', limit: 1 } })).total;
  if ((await recorded()) === 0) throw new RangeError('no run was recorded');
  const { pid } = server;
  await flood(hook, { pid, forSeconds: 3 });
  results.push(...resultsOf('flood, none refused by rate', await flood(hook, { pid })));
  await client.call(updateTrigger, { params: { slug: 'called' }, body: { ...settings, config: { perSecond: 100 } } });
  // Until the first call reads the new rate the one before counts; the bucket holds two seconds of it.
  await call(1);
  results.push(...resultsOf('flood, 100/s allowed', await flood(hook, { pid }), { most: 110 }));
  report({ bench: 'webhooks-in', results });
} finally {
  agent.destroy();
  await server.stop();
}

type Call = (n: number) => Promise<number>;

function quantile(times: number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** One caller at a time, and the bare route in between. */
async function latency(call: Call, bare: () => Promise<number>): Promise<BenchResult[]> {
  const [calls, bares]: [number[], number[]] = [[], []];
  for (let n = 0; n < 350; n++) {
    const [one, other] = [await timed(() => call(n)), await timed(bare)];
    // The first ones find caches cold.
    if (n >= 50) calls.push(one);
    if (n >= 50) bares.push(other);
  }
  return [
    { share: 0.5, goal: 20 },
    { share: 0.99, goal: null },
  ].map(({ share, goal }) => {
    const [value, limit] = [quantile(calls, share), quantile(bares, share)];
    return {
      name: `async answer, p${share * 100}, beside the bare route`,
      unit: 'ms',
      value,
      limit,
      ratio: value / limit,
      goal,
      met: goal === null ? null : value < goal,
    };
  });
}

/** 200 callers, each waiting for its own answer: all of them recorded when they are answered. */
async function throughput(call: Call, bare: () => Promise<number>): Promise<BenchResult> {
  const [callers, each] = [200, 40];
  const caller = async (who: number) => {
    for (let n = 0; n < each; n++) if ((await call(who * each + n)) !== 202) throw new RangeError('a call was not taken');
  };
  await Promise.all(Array.from({ length: callers }, (_, who) => caller(who)));
  const ms = await timed(() => Promise.all(Array.from({ length: callers }, (_, who) => caller(who))));
  const bareMs = await timed(() => Promise.all(Array.from({ length: callers }, async () => inTurn(each, bare))));
  const [value, limit] = [ms, bareMs].map((one) => (callers * each) / (one / 1000)) as [number, number];
  return { name: 'runs started and recorded, beside calls of the bare route', unit: '1/s', value, limit, ratio: value / limit, goal: null, met: null };
}

async function inTurn(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < times; n++) await work();
}

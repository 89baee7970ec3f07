// npm run bench webhooks-in: how soon a webhook is answered, how many a second start a run of three steps that is recorded, and what a flood does to the others.
import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { createClient } from '../packages/client/src/client.ts';
import { applyFlow, createTrigger, listRuns, setTriggerSecret, updateTrigger } from '../packages/client/src/routes.ts';
import { startTestServer } from '../packages/server/src/testing/server.ts';
import { type BenchResult, report } from './report.ts';

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
  const config = { perSecond: 10_000 };
  const settings = { title: 'Called', config, parameters: { n: 'event.body.n' } };
  const { id } = await client.call(createTrigger, { body: { ...settings, slug: 'called', kind: 'webhook', flow: 'called' } });
  const { secret } = await client.call(setTriggerSecret, { params: { slug: 'called' }, body: {} });
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const call = (n: number): Promise<number> => {
    const [message, body, at] = [randomUUID(), JSON.stringify({ n }), String(Math.floor(Date.now() / 1000))];
    const signature = createHmac('sha256', key).update(`${message}.${at}.${body}`).digest('base64');
    const headers = { 'content-type': 'application/json', 'webhook-id': message, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` };
    return ask(`/api/hooks/${id}`, { method: 'POST', headers, body });
  };
  const bare = (): Promise<number> => ask('/health/live', {});
  const results = [...(await latency(call, bare)), await throughput(call, bare)];
  const before = (await client.call(listRuns, { query: { trigger: 'called', limit: 1 } })).total;
  await client.call(updateTrigger, { params: { slug: 'called' }, body: { ...settings, config: { perSecond: 100 } } });
  results.push(...(await flood(call, bare)));
  if (before === 0) throw new RangeError('no run was recorded');
  report({ bench: 'webhooks-in', results });
} finally {
  agent.destroy();
  await server.stop();
}

/** @returns the status, once the whole answer is there */
function ask(address: string, { body, ...options }: { method?: string; headers?: Record<string, string>; body?: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(server.origin + address, { agent, ...options }, (answer) => answer.resume().once('end', () => resolve(answer.statusCode ?? 0)));
    sent.once('error', reject).end(body);
  });
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

/** As many as the client can send to a webhook that takes 100 a second; meanwhile others are served. */
async function flood(call: Call, bare: () => Promise<number>): Promise<BenchResult[]> {
  const until = performance.now() + 3_000;
  const answers = new Map<number, number>();
  const waits: number[] = [];
  const sender = async () => {
    while (performance.now() < until) {
      const status = await call(1);
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
  };
  const other = async () => {
    while (performance.now() < until) waits.push(await timed(bare));
  };
  await Promise.all([...Array.from({ length: 200 }, sender), other()]);
  const count = (status: number) => answers.get(status) ?? 0;
  const sent = [...answers.values()].reduce((sum, one) => sum + one, 0);
  const plain = { unit: '1/s', limit: null, ratio: null, goal: null, met: null };
  return [
    { ...plain, name: 'flood: calls answered', value: sent / 3 },
    {
      ...plain,
      name: 'flood: of these taken (100/s allowed, 200 at once)',
      value: count(202) / 3,
      goal: 250,
      met: count(202) / 3 <= 250 && count(202) + count(429) === sent,
    },
    { ...plain, unit: 'ms', name: 'flood: the bare route meanwhile, p50', value: quantile(waits, 0.5) },
  ];
}

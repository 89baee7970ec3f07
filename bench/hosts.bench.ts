// npm run bench hosts: `uptime` on 2,000 hosts by a job, how much memory that takes beside the same on 200, and how soon the pages answer meanwhile.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, createClient } from '../packages/client/src/client.ts';
import { applyFlow, createCredential, importTargets, listRuns, showRun, startRun } from '../packages/client/src/routes.ts';
import { finalRunStates } from '../packages/contract/src/run.ts';
import { startTestServer } from '../packages/server/src/testing/server.ts';
import { addressOf, type HostsOrder, type HostsReady } from './hosts/many-hosts.ts';
import { browse, pagesOf } from './hosts/page.ts';
import { type BenchResult, report } from './report.ts';
import { residentBytes } from './webhooks-in/flood.ts';

const count = 2_000;
const few = 200;
const atOnce = 50;
const account = { user: 'operations', password: randomBytes(12).toString('base64url') };

const flow = (slug: string, tag: string) => `flow: ${slug}
title: Uptime
kind: job
steps:
  hosts: { use: targets.find, with: { tags: [${tag}] } }
  uptime:
    use: ssh.run
    after: hosts
    each: { rows: hosts, concurrency: ${atOnce} }
    with: { target: '{{ item.name }}', command: uptime }
`;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (times: number[], share: number) => times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;

interface Done {
  id: string;
  seconds: number;
  /** Bytes of the product's process, ten times a second. */
  memory: number[];
  waits: Map<string, number[]>;
}

async function perform(client: Client, { slug, pid, hosts }: { slug: string; pid: number; hosts: number }): Promise<Done> {
  const began = performance.now();
  const { id } = await client.call(startRun, { params: { slug }, body: {} });
  let isOver = false;
  const memory: number[] = [];
  const watch = async () => {
    while (!isOver) {
      memory.push(await residentBytes(pid));
      await pause(100);
    }
  };
  const until = async () => {
    await pause(100);
    isOver = finalRunStates.includes((await client.call(showRun, { params: { id } })).state);
    return isOver;
  };
  const [waits] = await Promise.all([browse(pagesOf(client), { run: id, until }), watch()]);
  const seconds = (performance.now() - began) / 1000;
  const { total } = await client.call(listRuns, { query: { parent: id, state: 'succeeded', limit: 1 } });
  if (total !== hosts) throw new RangeError(`${total} of ${hosts} hosts answered`);
  return { id, seconds, memory, waits };
}

const plain = { limit: null, ratio: null, goal: null, met: null };
const server = await startTestServer({ environment: { TIDEWHEEL_LOG_LEVEL: 'warn' } });
const machines = fork(fileURLToPath(new URL('hosts/many-hosts.ts', import.meta.url)), { execArgv: ['--disable-warning=ExperimentalWarning'] });
try {
  const ready = new Promise<HostsReady>((resolve) => machines.once('message', (message) => resolve(message as HostsReady)));
  machines.send({ count, ...account } satisfies HostsOrder);
  const { port, hostKey } = await ready;
  const { token } = JSON.parse(await readFile(path.join(server.dataFolder, 'cli-token.json'), 'utf8')) as { token: string };
  const client = createClient({ origin: server.origin, token });
  const credential = { slug: 'operations', title: 'Operations', type: 'ssh', fields: { user: account.user }, secret: { password: account.password } };
  await client.call(createCredential, { body: credential });
  const lines = Array.from({ length: count }, (_, host) => `host-${host},${addressOf(host)},${port},${hostKey},${host < few ? '"all,few"' : 'all'}`);
  const text = `name,address,settings.port,settings.hostKey,tags\n${lines.join('\n')}\n`;
  const began = performance.now();
  await client.call(importTargets, { body: { format: 'csv', text, defaults: { os: 'linux', credential: 'operations' }, dryRun: false } });
  const importSeconds = (performance.now() - began) / 1000;
  for (const tag of ['few', 'all']) await client.call(applyFlow, { body: { source: flow(`uptime-${tag}`, tag) } });

  const { pid } = server;
  const first = await perform(client, { slug: 'uptime-few', pid, hosts: few });
  const all = await perform(client, { slug: 'uptime-all', pid, hosts: count });
  const rounds = Array.from({ length: 20 });
  const idle = await browse(pagesOf(client), { run: all.id, until: async () => rounds.pop() === undefined && rounds.length === 0 });
  const [most, mostFew] = [Math.max(...all.memory), Math.max(...first.memory)];
  const part = all.memory.length / 4;
  const [late, early] = [quantile(all.memory.slice(-part), 0.5), quantile(all.memory.slice(part, 2 * part), 0.5)];
  const [perHost, perHostFew] = [(all.seconds / count) * 1000, (first.seconds / few) * 1000];
  const results: BenchResult[] = [
    { ...plain, name: `${count} hosts imported`, unit: 's', value: importSeconds },
    { ...plain, name: `uptime on ${count} hosts, ${atOnce} at once`, unit: 's', value: all.seconds },
    {
      name: `the same for each, of ${few} hosts`,
      unit: 'ms',
      value: perHost,
      limit: perHostFew,
      ratio: perHost / perHostFew,
      goal: 1.3,
      met: perHost / perHostFew <= 1.3,
    },
    {
      name: `memory at most, of ${few} hosts`,
      unit: 'MB',
      value: most / 1e6,
      limit: mostFew / 1e6,
      ratio: most / mostFew,
      goal: 1.35,
      met: most / mostFew <= 1.35,
    },
    {
      name: 'memory in the last quarter, of the second',
      unit: 'MB',
      value: late / 1e6,
      limit: early / 1e6,
      ratio: late / early,
      goal: 1.1,
      met: late / early <= 1.1,
    },
    ...[...all.waits].map(([name, times]): BenchResult => {
      const [value, limit] = [quantile(times, 0.95), quantile(idle.get(name) ?? [], 0.95)];
      return { name: `page: ${name}, p95 meanwhile, of when it is over`, unit: 'ms', value, limit, ratio: value / limit, goal: 500, met: value <= 500 };
    }),
  ];
  report({ bench: 'hosts', results });
} finally {
  machines.kill();
  await server.stop();
}

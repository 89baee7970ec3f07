// The embedded Postgres is killed while runs are going: they all come to their end, once, and callers are told the truth meanwhile.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listEvents, listRuns, startRun } from '@tidewheel/client/routes';
import { AppError } from '@tidewheel/contract/errors';
import type { RunEvent } from '@tidewheel/contract/run';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apply, type Product, start, startProduct, untilEnded } from './product.ts';

const kills = 3;
const runsInAll = 40;
let product: Product;

beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

const flow = `flow: chain
title: A chain of table jobs
steps:
  airports:
    use: table.read
    with: { connection: demo-data, path: airports.csv, format: csv }
  byState:
    use: table.aggregate
    from: airports
    with: { by: [state], aggregates: [{ as: n, function: count }] }
  out:
    use: table.write
    from: byState
    with: { name: by-state.csv, format: csv, orderBy: [state] }
  again:
    use: table.read
    from: out
    with: { format: csv }
  last:
    use: table.write
    from: again
    with: { name: again.csv, format: csv, orderBy: [state] }
`;

async function postmaster(): Promise<number> {
  const lock = await readFile(path.join(product.server.dataFolder, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(lock.split('\n')[0]);
}

/** Kills the postmaster as a power cut would, without a word. */
async function killPostgres(): Promise<number> {
  const pid = await postmaster();
  expect(pid).toBeGreaterThan(1);
  process.kill(pid, 'SIGKILL');
  return pid;
}

/** Starts a run under a key until the server says that it has it: the key makes trying again safe. */
async function startSurely(key: string): Promise<{ id: string; refusals: AppError[] }> {
  const refusals: AppError[] = [];
  for (;;) {
    try {
      return { id: await startWithKey(key), refusals };
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      refusals.push(thrown);
      await sleep(100);
    }
  }
}
async function startWithKey(idempotencyKey: string): Promise<string> {
  return (await product.client.call(startRun, { params: { slug: 'chain' }, body: { parameters: {}, idempotencyKey } })).id;
}

test(`Postgres killed ${kills} times under load: no run is lost, none is doubled`, async () => {
  await apply(product.client, flow);
  const refusals: AppError[] = [];
  const ids: string[] = [];
  const starting = (async () => {
    for (let index = 0; index < runsInAll; index++) {
      const started = await startSurely(`chain-${index}`);
      ids.push(started.id);
      refusals.push(...started.refusals);
      await sleep(50);
    }
  })();
  const watched = product.shell.tidewheel(['run', 'start', 'chain', '--watch', '--key', 'watched']);
  for (let kill = 0; kill < kills; kill++) {
    await sleep(1_000);
    const killed = await killPostgres();
    await expect.poll(() => readyAgain(killed), { timeout: 90_000, interval: 200 }).toBe(true);
  }
  await starting;
  const runs = await Promise.all(ids.map((id) => untilEnded(product.client, id, 120_000)));
  expect(runs.map(({ state, error }) => [state, error?.message])).toEqual(runs.map(() => ['succeeded', undefined]));
  expect(new Set(ids).size).toBe(runsInAll);
  // While it was away the API said so, as a problem; nothing else ever came.
  expect(refusals.length).toBeGreaterThan(0);
  expect(
    [...new Set(refusals.map(({ status, code }) => `${status} ${code}`))].filter((told) => !/^502 (database\.unreachable|run\.start_unknown)$/.test(told)),
  ).toEqual([]);
  const { total } = await product.client.call(listRuns, { query: { flow: 'chain', limit: 1 } });
  expect(total).toBeLessThanOrEqual(runsInAll + 1);
  for (const run of runs) await expectWhole(run.id);
  const outcome = await watched;
  // The watcher lived through the outages, or was refused at the very start and said why.
  if (outcome.code !== 0)
    expect(outcome).toMatchObject({ code: expect.toSatisfy((code: number) => code === 7 || code === 70), stderr: expect.stringContaining('Error:') });
});

async function readyAgain(killed: number): Promise<boolean> {
  const answer = await fetch(`${product.server.origin}/health/ready`).catch(() => null);
  if (answer?.status !== 200) return false;
  return (await postmaster()) !== killed;
}

/** Events count up without gaps, and no step succeeded twice. */
async function expectWhole(id: string): Promise<void> {
  const events: RunEvent[] = await product.client.call(listEvents, { params: { id }, query: { limit: 1_000 } });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const succeeded = events.filter(({ type }) => type === 'step.succeeded').map(({ step }) => step);
  expect(succeeded.sort()).toEqual([...new Set(succeeded)].sort());
}

test('afterwards everything works as before', async () => {
  expect(await untilEnded(product.client, await start(product.client, 'chain'))).toMatchObject({ state: 'succeeded' });
  expect(await product.shell.tidewheel(['health'])).toMatchObject({ code: 0 });
});

// The engine from the shell: status, pause with a reason that `run why` tells, resume, drain and undrain.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, startProduct } from '../bad-input/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());
const run = (...args: string[]) => product.shell.tidewheel(args);

test('stops and starts the taking of work, and says why a run waits', async () => {
  expect(await run('run', 'why', 'latest')).toMatchObject({ code: 5 });
  const status = await run('engine', 'status');
  expect(status.stdout).toMatch(/Worker +State +Tags +Load/);
  expect(status.stdout).toMatch(/working +default/);
  expect(await run('engine', 'pause', '--reason', 'new disks')).toMatchObject({ code: 0 });
  expect((await run('engine', 'status')).stdout).toMatch(/No work is taken: operator@localhost stopped it .*: new disks/);
  await run('run', 'start', 'mifir-daily');
  const why = await run('run', 'why', 'latest');
  expect(why.stdout).toContain('operator@localhost stopped it: new disks');
  expect(why.stdout).toContain('tidewheel engine resume');
  expect(why.stdout).toContain('(system.edit: you may)');
  const told = JSON.parse((await run('run', 'why', 'latest', '--json')).stdout);
  expect(told).toMatchObject({ state: 'queued', reason: { code: 'engine_paused' } });
  expect(await run('engine', 'resume')).toMatchObject({ code: 0 });
});

test('drains a worker by its host and process, and takes it back', async () => {
  const { workers } = JSON.parse((await run('engine', 'status', '--json')).stdout);
  const name = `${workers[0].host}:${workers[0].pid}`;
  const drained = await run('engine', 'drain', name, '--wait');
  expect([drained.code, drained.stdout]).toEqual([0, `The worker ${name} takes nothing new; it has nothing left.\n`]);
  expect((await run('engine', 'status')).stdout).toMatch(/drained +default/);
  expect(await run('engine', 'undrain', workers[0].id)).toMatchObject({ code: 0, stdout: `The worker ${name} takes work again.\n` });
  expect(await run('engine', 'drain', 'nowhere:1')).toMatchObject({ code: 5 });
});

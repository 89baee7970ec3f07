// A disk that is full: the run says so, nothing is half written, and when there is room again everything works.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AppError } from '@tidewheel/contract/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer } from '../../../packages/server/src/testing/server.ts';
import { apply, localClient, type Product, readingFlow, runFlow, start, startProduct, untilEnded } from './product.ts';

/** Only root can make a small disk; elsewhere this part has no ground to stand on. */
const canMount = process.getuid?.() === 0 && mounts();
const diskBytes = 30_000_000;
let product: Product;
let dataFolder: string;
let objects: string;

function mounts(): boolean {
  try {
    const probe = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe]);
    return true;
  } catch {
    return false;
  }
}

describe.runIf(canMount)('a full disk', () => {
  beforeAll(async () => {
    dataFolder = await mkdtemp(path.join(tmpdir(), 'tidewheel-disk-'));
    execFileSync('chmod', ['711', dataFolder]);
    objects = path.join(dataFolder, 'objects');
    await mkdir(objects, { mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes},mode=700`, 'tmpfs', objects]);
    product = await startProduct({ dataFolder });
    await writeFile(path.join(product.inbox, 'small.csv'), 'id,text\n1,a\n');
  });
  afterAll(async () => {
    await product?.stop();
    execFileSync('umount', ['-l', objects]);
    await rm(dataFolder, { recursive: true, force: true });
  });

  test('a run whose result does not fit fails with the reason and leaves nothing half written', async () => {
    const filler = path.join(objects, 'filler');
    await writeFile(filler, Buffer.alloc(diskBytes - 2_000_000));
    const run = await runFlow(
      product.client,
      'too-big',
      readingFlow('too-big', 'path: small.csv, format: csv').replace(
        'connection: inbox, path: small.csv, format: csv',
        'connection: demo-data, path: flights-3m.parquet, format: parquet',
      ),
    );
    expect(run.state).toBe('failed');
    expect(run.error).toMatchObject({ code: expect.not.stringMatching(/^bug/), message: expect.stringMatching(/full|space/i), hint: expect.any(String) });
    const told = await product.shell.tidewheel(['run', 'show', String(run.number)]);
    expect(told.stdout).toMatch(/full|space/i);
    const upload = path.join(product.shell.folder, 'upload.bin');
    await writeFile(upload, Buffer.alloc(5_000_000, 1));
    const refused = await product.shell.tidewheel(['file', 'upload', upload]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/full|space/i);
    await rm(filler);
    const left = execFileSync('du', ['-sb', '--exclude=filler', objects], { encoding: 'utf8' });
    expect(Number(left.split('\t')[0])).toBeLessThan(2_000_000);
  });

  test('with room again it runs as before, and so does the next start', async () => {
    expect(await runFlow(product.client, 'small', readingFlow('small', 'path: small.csv, format: csv'))).toMatchObject({ state: 'succeeded', rowsOut: 1 });
    expect(await product.shell.tidewheel(['file', 'upload', path.join(product.shell.folder, 'upload.bin')])).toMatchObject({ code: 0 });
    await product.stop();
    product = { ...product, ...(await again()) };
    expect(await runFlow(product.client, 'small', readingFlow('small', 'path: small.csv, format: csv'))).toMatchObject({ state: 'succeeded' });
    expect((await readdir(objects, { recursive: true })).filter((name) => /tmp|part/.test(name))).toEqual([]);
  });

  async function again(): Promise<Pick<Product, 'server' | 'client' | 'stop'>> {
    const server = await startTestServer({ dataFolder });
    return { server, client: await localClient(server), stop: () => server.stop() };
  }
});

describe.runIf(canMount)('a disk that Postgres shares', () => {
  const size = 500_000_000;

  test('full to the last byte: callers are told, and with room again every run that was taken ends well', async () => {
    const disk = await mkdtemp(path.join(tmpdir(), 'tidewheel-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=711`, 'tmpfs', disk]);
    try {
      product = await startProduct({ dataFolder: disk });
      await writeFile(path.join(product.inbox, 'small.csv'), 'id,text\n1,a\n');
      await apply(product.client, readingFlow('small', 'path: small.csv, format: csv'));
      const { taken, refusals } = await fillWhileStarting(disk);
      for (const refusal of refusals) expect(refusal).toMatchObject({ status: 502, retryable: true, message: expect.stringMatching(/full|space|answer/i) });
      await rm(path.join(disk, 'filler'));
      const runs = await Promise.all(taken.map((id) => untilEnded(product.client, id, 90_000)));
      for (const run of runs)
        if (run.state !== 'succeeded')
          expect(run.error).toMatchObject({ code: expect.not.stringMatching(/^bug/), message: expect.stringMatching(/full|space/i) });
      expect(await runFlow(product.client, 'small', readingFlow('small', 'path: small.csv, format: csv'))).toMatchObject({ state: 'succeeded', rowsOut: 1 });
      await product.stop();
    } finally {
      execFileSync('umount', ['-l', disk]);
      await rm(disk, { recursive: true, force: true });
    }
  });

  /** Starts runs until nothing more fits, and for a while after. */
  async function fillWhileStarting(disk: string): Promise<{ taken: string[]; refusals: AppError[] }> {
    const taken = [await start(product.client, 'small')];
    const refusals: AppError[] = [];
    const filler = await open(path.join(disk, 'filler'), 'w');
    for (let left = size; left > 0; left -= 1_000_000) {
      const isFull = await filler.write(Buffer.alloc(1_000_000)).then(
        () => false,
        () => true,
      );
      if (isFull) break;
    }
    await filler.close();
    for (let attempt = 0; attempt < 20; attempt++) {
      await start(product.client, 'small').then(
        (id) => taken.push(id),
        (thrown: AppError) => refusals.push(thrown),
      );
    }
    return { taken, refusals };
  }
});

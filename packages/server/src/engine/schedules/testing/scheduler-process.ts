// The scheduler role in a process of its own, to be killed, with a clock that may be off. It dies with its parent.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger } from '../../../base/logger.ts';
import { type DatabaseAddress, openDatabases } from '../../../storage/database.ts';
import { createLocalStore } from '../../../storage/objects/local-store.ts';
import { createTableEngine } from '../../../storage/tables/create-table-engine.ts';
import { testStep } from '../../../testing/engine-bench.ts';
import { nothingAround } from '../../../testing/nothing-around.ts';
import { shiftClock } from '../../../testing/shifted-clock.ts';
import { startEngine } from '../../engine.ts';

interface Order {
  ownerUrl: string;
  masterKey: string;
  shiftMs: number;
}

export async function spawnScheduler({ ownerUrl, masterKey }: DatabaseAddress, { shiftMs }: Pick<Order, 'shiftMs'>): Promise<ChildProcess> {
  const child = fork(import.meta.filename, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.send({ ownerUrl, masterKey: Buffer.from(masterKey).toString('base64'), shiftMs } satisfies Order);
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the scheduler process ended with ${code}`)));
  });
  return child;
}

async function main({ ownerUrl, masterKey, shiftMs }: Order): Promise<void> {
  shiftClock(shiftMs);
  const databases = openDatabases({ ownerUrl, masterKey: Buffer.from(masterKey, 'base64') }, { size: 4, name: 'scheduler process' });
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-scheduler-'));
  const log = createLogger({ role: 'scheduler', level: process.env['TIDEWHEEL_TEST_LOG'] ?? 'fatal' });
  await startEngine({
    databases,
    types: new Map([['test.noop', testStep('test.noop', async () => ({}))]]),
    objects: await createLocalStore(folder),
    tables: createTableEngine({ processes: 1, memoryLimit: '128MB', scratch: folder, log }),
    ...nothingAround,
    scratch: folder,
    callbackAddress: (run) => `http://127.0.0.1/api/callbacks/${run}`,
    log,
    worker: null,
    supervise: true,
  });
  process.send?.('ready');
}

if (process.send && import.meta.main) {
  process.on('disconnect', () => process.exit(0));
  process.once('message', (order) => void main(order as Order));
}

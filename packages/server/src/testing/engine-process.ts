// A worker in a process of its own, with step types for benches and crash campaigns. It takes its orders over IPC and dies with its parent.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unreachable } from '@tidewheel/contract/errors';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import type { StepContext } from '@tidewheel/kit/step-context';
import { approval } from '@tidewheel/steps/flow/approval.step';
import pg from 'pg';
import { createLogger } from '../base/logger.ts';
import { startEngine } from '../engine/engine.ts';
import type { StepTypes } from '../engine/ports.ts';
import { type DatabaseAddress, openDatabases } from '../storage/database.ts';
import { createLocalStore } from '../storage/objects/local-store.ts';
import { createTableEngine } from '../storage/tables/create-table-engine.ts';
import { testStep } from './engine-bench.ts';
import { nothingAround } from './nothing-around.ts';

export interface EngineProcessOrder {
  ownerUrl: string;
  masterKey: string;
  concurrency: number;
  /** Where `test.effect` writes down what it did: a database beside the engine's, so that its connections are its own. */
  effectsUrl: string | null;
}

/** The step types that both sides know. */
export function processSteps(effects: pg.Pool | null): readonly AnyStepType[] {
  return [
    testStep('test.noop', async () => ({})),
    testStep('test.pure', async () => ({}), { pure: true }),
    testStep('test.effect', (config, ctx) => effect(effects, config, ctx)),
    testStep('test.held', (config) => held(effects, config)),
    approval,
  ];
}

// Writes down from when to when it ran, so that a bench can count how many ever ran at once.
async function held(pool: pg.Pool | null, config: Record<string, unknown>): Promise<object> {
  const began = await pool?.query<{ id: number }>('insert into held (key, began) values ($1, clock_timestamp()) returning id', [config['key']]);
  await sleep(Number(config['ms'] ?? 0));
  await pool?.query('update held set ended = clock_timestamp() where id = $1', [began?.rows[0]?.id]);
  return {};
}

// Says when it began and when it was done, so that the campaign can see a recorded step run again. Sometimes it fails on purpose.
async function effect(pool: pg.Pool | null, config: Record<string, unknown>, ctx: StepContext): Promise<{ value: unknown }> {
  const began = () => pool?.query('insert into effect (run, step, attempt, began) values ($1, $2, $3, clock_timestamp())', [ctx.run.id, ctx.step, ctx.attempt]);
  await Promise.resolve(began()).catch((cause: unknown) => {
    throw new Unreachable('test.effects', 'the effects cannot be written', { cause });
  });
  await sleep(Number(config['ms'] ?? 0), undefined, { signal: ctx.signal });
  if (ctx.attempt <= Number(config['failures'] ?? 0)) throw new Unreachable('test.flaky', 'fails on purpose');
  const once = await ctx.once('token', async () => ({ token: `${ctx.run.id}:${ctx.step}:${process.pid}` }));
  ctx.log.info(`done by ${process.pid}`);
  return { value: once };
}

async function main(order: EngineProcessOrder): Promise<void> {
  const address: DatabaseAddress = { ownerUrl: order.ownerUrl, masterKey: Buffer.from(order.masterKey, 'base64') };
  const databases = openDatabases(address, { size: 6, name: 'engine process' });
  const effects = order.effectsUrl ? new pg.Pool({ connectionString: order.effectsUrl, max: 4 }) : null;
  effects?.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-process-'));
  const log = createLogger({ role: 'engine', level: process.env['TIDEWHEEL_TEST_LOG'] ?? 'fatal' });
  const types: StepTypes = new Map(processSteps(effects).map((type) => [type.type, type]));
  const engine = await startEngine({
    databases,
    types,
    objects: await createLocalStore(path.join(folder, 'objects')),
    tables: createTableEngine({ processes: 1, memoryLimit: '256MB', scratch: folder, log }),
    ...nothingAround,
    scratch: folder,
    callbackAddress: (run) => `http://127.0.0.1/api/callbacks/${run}`,
    log,
    worker: { tags: ['default'], concurrency: order.concurrency },
    supervise: true,
  });
  const stop = () => void engine.stop({ graceMs: 3_000 }).then(() => process.exit(0));
  process.on('message', (message) => message === 'stop' && stop());
  process.once('SIGTERM', stop);
  process.send?.('ready');
}

if (process.send && import.meta.main) {
  process.on('disconnect', () => process.exit(0));
  process.once('message', (order) => void main(order as EngineProcessOrder));
}

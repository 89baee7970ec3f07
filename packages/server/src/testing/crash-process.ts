// One role of an installation in a process of its own, to be killed: a worker, an API that starts and cancels runs, or a scheduler. It dies with its parent.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NotFound, toStoredError } from '@tidewheel/contract/errors';
import type { RunSummary } from '@tidewheel/contract/run';
import { stepTypes } from '@tidewheel/steps/index';
import type { Actor } from '../base/actor.ts';
import { createLogger } from '../base/logger.ts';
import { type Engine, startEngine } from '../engine/engine.ts';
import { noColors } from '../engine/no-colors.ts';
import { noTargets } from '../engine/no-targets.ts';
import { pause, resume } from '../engine/operations/pause.service.ts';
import { rerun } from '../engine/operations/rerun.service.ts';
import { openDatabases } from '../storage/database.ts';
import { createLocalStore } from '../storage/objects/local-store.ts';
import { createTableEngine } from '../storage/tables/create-table-engine.ts';
import { testActor } from './engine-bench.ts';
import { actingStep } from './reference/acting-step.ts';
import { receiverAt } from './reference/receiver.ts';
import { shiftClock } from './shifted-clock.ts';

export interface RoleOrder {
  role: 'worker' | 'api' | 'scheduler';
  ownerUrl: string;
  masterKey: string;
  /** The object store that all of them share. */
  objectFolder: string;
  tags: string[];
  concurrency: number;
  /** Who is told what `test.act` does. */
  receiverUrl: string;
  /** How far its clock is off. */
  shiftMs: number;
}

/** What the role `api` is asked to do, as over HTTP: an answer may be lost, so each can be asked again. */
export interface ApiRequest {
  id: number;
  workspaceId: string;
  start?: { slug: string; idempotencyKey: string; deadline?: string };
  cancel?: string;
  pause?: string;
  resume?: string;
  rerun?: { id: string; from?: string; parameters: Record<string, number> };
}
export interface ApiAnswer {
  id: number;
  run?: string;
  error?: { code: string; message: string };
}

/** Resolves when it is ready. */
export async function startRole(order: RoleOrder): Promise<ChildProcess> {
  const child = fork(import.meta.filename, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.send(order);
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code, signal) => reject(new Error(`the ${order.role} ended with ${code ?? signal}`)));
  });
  return child;
}

async function main(order: RoleOrder): Promise<void> {
  shiftClock(order.shiftMs);
  const databases = openDatabases({ ownerUrl: order.ownerUrl, masterKey: Buffer.from(order.masterKey, 'base64') }, { size: 6, name: order.role });
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-role-'));
  const log = createLogger({ role: 'engine', level: process.env['TIDEWHEEL_TEST_LOG'] ?? 'fatal' });
  const none = async () => Promise.reject(new NotFound('test.none', 'There is none here.'));
  const engine = await startEngine({
    databases,
    types: new Map([...stepTypes, actingStep(receiverAt(order.receiverUrl))].map((type) => [type.type, type])),
    objects: await createLocalStore(order.objectFolder),
    tables: createTableEngine({ processes: 1, memoryLimit: '256MB', scratch: folder, log }),
    connections: { open: none, list: async () => [] },
    targets: noTargets,
    uploads: { find: none, list: async () => [] },
    colors: noColors,
    scratch: folder,
    callbackAddress: (run) => `http://127.0.0.1/api/callbacks/${run}`,
    log,
    worker: order.role === 'worker' ? { tags: order.tags, concurrency: order.concurrency } : null,
    supervise: order.role === 'scheduler',
  });
  process.on('message', (request) => void answer(engine, request as ApiRequest).then((told) => process.send?.(told)));
  process.send?.('ready');
}

async function answer(engine: Engine, { id, workspaceId, ...request }: ApiRequest): Promise<ApiAnswer> {
  try {
    const run = await perform(engine, { actor: testActor(workspaceId), ...request });
    return { id, run: run.id };
  } catch (thrown) {
    const { code, message } = toStoredError(thrown);
    return { id, error: { code, message } };
  }
}

function perform(
  engine: Engine,
  { actor, start, pause: paused, resume: resumed, rerun: again, cancel }: Omit<ApiRequest, 'id' | 'workspaceId'> & { actor: Actor },
): Promise<RunSummary> {
  if (start) return engine.runs.startRun(actor, { ...start, parameters: {} });
  if (paused) return pause(engine.operations, actor, paused);
  if (resumed) return resume(engine.operations, actor, resumed);
  if (again) return rerun(engine.operations, actor, again);
  return engine.runs.cancelRun(actor, cancel ?? '');
}

if (process.send && import.meta.main) {
  process.on('disconnect', () => process.exit(0));
  // While the database is away it cannot start: whoever wants it starts it again.
  process.once('message', (order) => void main(order as RoleOrder).catch(() => process.exit(1)));
}

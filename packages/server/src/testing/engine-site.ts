// A durable Postgres of its own (fsync on) with our schema, an API side of the engine, and worker processes to start, stop and kill: for benches and crash campaigns.
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Actor } from '../base/actor.ts';
import { newId } from '../base/ids.ts';
import { createLogger } from '../base/logger.ts';
import { type Engine, startEngine } from '../engine/engine.ts';
import { type DatabaseAddress, type Databases, openDatabases } from '../storage/database.ts';
import { createLocalStore } from '../storage/objects/local-store.ts';
import { type EmbeddedPostgres, startEmbedded } from '../storage/postgres/embedded.ts';
import { prepareDatabase } from '../storage/prepare.ts';
import { createTableEngine } from '../storage/tables/create-table-engine.ts';
import { insertFlow, testActor } from './engine-bench.ts';
import { type EngineProcessOrder, processSteps } from './engine-process.ts';
import { nothingAround } from './nothing-around.ts';
import { serverFlags } from './server-flags.ts';

export interface EngineSite {
  postgres: EmbeddedPostgres;
  address: DatabaseAddress;
  databases: Databases;
  engine: Engine;
  actor: Actor;
  /** Where the object store of the site is. */
  objectFolder: string;
  apply(steps: Record<string, object>): Promise<string>;
  /** Resolves when the process has its worker registered. */
  spawn(options?: { concurrency?: number; effectsUrl?: string }): Promise<ChildProcess>;
  close(): Promise<void>;
}

/** `supervise`: whether this process looks after dead workers, beside those it starts. `parameters`: further settings of its Postgres. */
export async function openEngineSite({
  supervise = true,
  parameters = {},
}: {
  supervise?: boolean;
  parameters?: Record<string, string>;
} = {}): Promise<EngineSite> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'tw-site-'));
  await chmod(dataFolder, 0o711);
  const log = createLogger({ role: 'site', level: process.env['TIDEWHEEL_TEST_LOG'] ?? 'fatal' });
  const postgres = await startEmbedded({ dataFolder, logger: log, parameters });
  const masterKey = randomBytes(32);
  const address = { ownerUrl: postgres.ownerUrl, masterKey };
  const { workspaceId } = await prepareDatabase(address);
  const databases = openDatabases(address, { size: 10, name: 'site' });
  const objectFolder = path.join(dataFolder, 'objects');
  const tables = createTableEngine({ processes: 1, memoryLimit: '256MB', scratch: dataFolder, log });
  const engine = await startEngine({
    databases,
    types: new Map(processSteps(null).map((type) => [type.type, type])),
    objects: await createLocalStore(objectFolder),
    tables,
    ...nothingAround,
    scratch: dataFolder,
    callbackAddress: (run) => `http://127.0.0.1/api/callbacks/${run}`,
    log,
    worker: null,
    supervise,
  });
  const children = new Set<ChildProcess>();
  const spawn: EngineSite['spawn'] = async ({ concurrency = 200, effectsUrl } = {}) => {
    const child = fork(path.join(import.meta.dirname, 'engine-process.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: serverFlags });
    children.add(child);
    child.once('exit', () => children.delete(child));
    child.send({
      ownerUrl: postgres.ownerUrl,
      masterKey: masterKey.toString('base64'),
      concurrency,
      effectsUrl: effectsUrl ?? null,
    } satisfies EngineProcessOrder);
    await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`the worker process ended with ${code}`)));
    });
    return child;
  };
  const apply: EngineSite['apply'] = async (steps) => {
    const slug = `f-${newId().slice(-12)}`;
    await insertFlow(databases, { workspaceId, document: FlowDocument.parse({ flow: slug, title: slug, steps }) });
    return slug;
  };
  const close = async () => {
    for (const child of children) child.kill('SIGKILL');
    await engine.stop({ graceMs: 0 });
    await tables.close();
    await databases.close();
    await postgres.stop();
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  return { postgres, address, databases, engine, actor: testActor(workspaceId), objectFolder, apply, spawn, close };
}

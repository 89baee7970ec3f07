// An engine with triggers on a fresh database, with real connections, and a folder that file triggers look into.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TriggerEvent } from '@tidewheel/contract/trigger';
import { connectors, triggers as kinds, stepTypes } from '@tidewheel/steps/index';
import { newId } from '../../../base/ids.ts';
import { createLogger } from '../../../base/logger.ts';
import { createConnectionPort } from '../../../features/connections/connection-port.ts';
import { createConnection } from '../../../features/connections/connections.service.ts';
import { createVault } from '../../../platform/vault/vault.service.ts';
import { type EngineBench, type EngineBenchOptions, startEngineBench, testActor } from '../../../testing/engine-bench.ts';
import { lookOnce } from '../look.ts';
import type { TriggerDeps } from '../trigger-deps.ts';
import { listEvents } from '../trigger-history.service.ts';
import { claimDue } from '../trigger-looks.store.ts';
import { createTrigger, type NewTrigger } from '../triggers.service.ts';

interface Connected {
  slug: string;
  type: string;
  config: Record<string, unknown>;
  secret?: Record<string, unknown>;
}

export interface TriggerBench extends EngineBench {
  deps: TriggerDeps;
  /** The root of the connection `inbox`. */
  folder: string;
  connect(connection: Connected): Promise<void>;
  /** @returns its slug */
  make(trigger: Partial<NewTrigger> & Pick<NewTrigger, 'kind' | 'config' | 'flow'>): Promise<string>;
  /** Lets it look now, whenever it is due; without `keeping` the lease it dies with what it found. */
  lookNow(slug: string): Promise<void>;
  /** Oldest first. */
  history(slug: string): Promise<TriggerEvent[]>;
}

export async function startTriggerBench({ colors }: Pick<EngineBenchOptions, 'colors'> = {}): Promise<TriggerBench> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-triggers-'));
  const made = Promise.withResolvers<Pick<TriggerDeps, 'vault' | 'connections'> & Pick<TriggerBench, 'connect'>>();
  const bench = await startEngineBench({
    types: stepTypes,
    steps: {},
    ...(colors && { colors }),
    async connections({ databases, address, workspaceId }) {
      const vault = createVault({ databases, masterKey: address.masterKey });
      const deps = { databases, vault, connectors: { all: connectors, limits: { folders: [folder], dataFolder: '/nowhere' } } };
      const connect: TriggerBench['connect'] = async (connection) =>
        void (await createConnection(deps, testActor(workspaceId), { title: connection.slug, ...connection }));
      await connect({ slug: 'inbox', type: 'folder', config: { root: folder } });
      const connections = createConnectionPort(deps);
      made.resolve({ vault, connections, connect });
      return connections;
    },
  });
  const { databases, engine, objects } = bench;
  const { connect, ...real } = await made.promise;
  const log = createLogger({ role: 'test', level: 'fatal' });
  const deps: TriggerDeps = {
    databases,
    queue: engine.queue,
    starter: engine.runs.starter,
    objects,
    connectors,
    kinds,
    origin: () => 'https://tidewheel.example.org',
    log,
    ...real,
  };
  const pool = databases.enginePool;
  return {
    ...bench,
    deps,
    folder,
    connect,
    async make(given) {
      const slug = `t-${newId().slice(-12)}`;
      await createTrigger(deps, bench.actor, { slug, title: slug, parameters: {}, condition: null, paused: false, ...given });
      return slug;
    },
    async lookNow(slug) {
      const token = newId();
      await pool.query(
        `update flow_trigger set next_look_at = case when slug = $1 then now() - interval '1 day' else now() + interval '1 day' end where next_look_at is not null`,
        [slug],
      );
      for (const trigger of await claimDue(pool, { token, most: 1 })) await lookOnce(deps, { trigger, token, signal: new AbortController().signal });
    },
    history: async (slug) => (await listEvents(deps, bench.actor, { slug, limit: 200 })).items.toReversed(),
    async close() {
      await bench.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

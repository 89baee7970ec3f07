// A flow with an item for each host, through the whole engine.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finalRunStates } from '../../packages/contract/src/run.ts';
import { createLogger } from '../../packages/server/src/base/logger.ts';
import { startEngine } from '../../packages/server/src/engine/engine.ts';
import { noColors } from '../../packages/server/src/engine/no-colors.ts';
import { noTargets } from '../../packages/server/src/engine/no-targets.ts';
import { createLocalStore } from '../../packages/server/src/storage/objects/local-store.ts';
import { createTableEngine } from '../../packages/server/src/storage/tables/create-table-engine.ts';
import { openEngineSite } from '../../packages/server/src/testing/engine-site.ts';
import { stepTypes } from '../../packages/steps/src/index.ts';
import type { Hosts } from './many-sshd.ts';
import { targetsOf } from './steps.ts';

export interface FlowRounds extends AsyncDisposable {
  round(): Promise<void>;
}

export async function openFlow(hosts: Hosts): Promise<FlowRounds> {
  const targets = targetsOf(hosts);
  await using made = new AsyncDisposableStack();
  const site = await openEngineSite();
  made.defer(() => site.close());
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-bench-'));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const log = createLogger({ role: 'bench', level: 'error' });
  const none = async () => Promise.reject(new RangeError('there is none here'));
  const tables = createTableEngine({ processes: 1, memoryLimit: '256MB', scratch: folder, log });
  made.defer(() => tables.close());
  const engine = await startEngine({
    databases: site.databases,
    types: new Map(stepTypes.map((type) => [type.type, type])),
    objects: await createLocalStore(path.join(folder, 'objects')),
    tables,
    connections: { open: none, list: async () => [] },
    targets: { ...noTargets, open: async (_workspace, name) => ({ ...(targets[name] ?? (await none())), release: () => {} }) },
    uploads: { find: none, list: async () => [] },
    colors: noColors,
    scratch: folder,
    callbackAddress: (run) => `http://127.0.0.1/api/callbacks/${run}`,
    log,
    worker: { tags: ['default'], concurrency: 100 },
    supervise: false,
  });
  made.defer(() => engine.stop({ graceMs: 200 }));
  const slug = await site.apply({
    uptime: { use: 'ssh.run', each: { over: JSON.stringify(Object.keys(targets)), concurrency: 50 }, with: { target: '{{ item }}', command: 'uptime' } },
  });
  const cleanUp = made.move();
  return {
    round: async () => {
      const { id } = await engine.runs.startRun(site.actor, { slug, parameters: {} });
      for (;;) {
        const run = await engine.runs.showRun(site.actor, id);
        if (run.state === 'succeeded') return;
        if (finalRunStates.includes(run.state)) throw new RangeError(`the run is ${run.state}: ${JSON.stringify(run)}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

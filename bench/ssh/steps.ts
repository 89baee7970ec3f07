// The step `ssh.run` on all hosts at once, as a worker performs it; and a flow with an item for each host, through the whole engine.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finalRunStates } from '../../packages/contract/src/run.ts';
import type { OpenTarget } from '../../packages/kit/src/define-transport.ts';
import { runStep } from '../../packages/kit/src/harness.ts';
import { createLogger } from '../../packages/server/src/base/logger.ts';
import { startEngine } from '../../packages/server/src/engine/engine.ts';
import { noTargets } from '../../packages/server/src/engine/no-targets.ts';
import { createLocalStore } from '../../packages/server/src/storage/objects/local-store.ts';
import { createTableEngine } from '../../packages/server/src/storage/tables/create-table-engine.ts';
import { openEngineSite } from '../../packages/server/src/testing/engine-site.ts';
import { stepTypes } from '../../packages/steps/src/index.ts';
import { sshRun } from '../../packages/steps/src/ssh/run.step.ts';
import type { Hosts } from './many-sshd.ts';

function targetsOf({ ports, user, privateKey, hostKey }: Hosts): Record<string, OpenTarget> {
  const credential = { type: 'ssh', fields: { user }, secret: { privateKey } };
  return Object.fromEntries(
    ports.map((port) => [
      `host-${port}`,
      { id: `id-${port}`, name: `host-${port}`, os: 'linux', address: '127.0.0.1', transport: 'ssh', settings: { port, hostKey }, credential, via: null },
    ]),
  );
}

/** All hosts at once; connections are made or kept as the pool has them. */
export async function stepRound(hosts: Hosts): Promise<void> {
  const targets = targetsOf(hosts);
  await Promise.all(
    Object.keys(targets).map(async (target) => {
      await using outcome = await runStep(sshRun, { target, command: 'uptime' }, { targets });
      if (!JSON.stringify(outcome.result.value).includes('load average')) throw new RangeError(`${target} said something else`);
    }),
  );
}

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

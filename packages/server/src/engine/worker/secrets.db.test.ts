// A secret that a step opened is in nothing that the run leaves behind, however the step ends.
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInput, Unreachable } from '@tidewheel/contract/errors';
import type { StepContext } from '@tidewheel/kit/step-context';
import { connectors } from '@tidewheel/steps/index';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConnectionPort } from '../../features/connections/connection-port.ts';
import { createConnection } from '../../features/connections/connections.service.ts';
import { createVault } from '../../platform/vault/vault.service.ts';
import { type EngineBench, startEngineBench, testActor } from '../../testing/engine-bench.ts';

const password = 'open-sesame/+"7"';
let bench: EngineBench;

async function openPassword(ctx: StepContext): Promise<string> {
  return String((await ctx.connection('server')).secret?.['password']);
}
beforeAll(async () => {
  bench = await startEngineBench({
    steps: {
      'test.tell': async (_, ctx) => {
        const secret = await openPassword(ctx);
        ctx.log.info(`signing in with ${secret}`);
        ctx.log.warn(`Authorization: Basic ${Buffer.from(`user:${secret}`).toString('base64')}`);
        const file = await ctx.files.put({ name: 'x.txt', mediaType: 'text/plain' }, Buffer.from('content'));
        await ctx.recordDelivery({
          file,
          connection: 'server',
          destination: `ftp://u:${encodeURIComponent(secret)}@h/`,
          state: 'failed',
          startedAt: new Date(),
          ms: 1,
          error: `refused ${secret}`,
          receipt: { asked: secret },
        });
        return { value: { answer: JSON.stringify({ secret }) }, files: [file], metadata: { note: secret } };
      },
      'test.token': async (_, ctx) => {
        const token = 'token-that-was-given';
        ctx.keepSecret(token);
        ctx.keepSecret(token);
        ctx.log.info(`Bearer ${token}`);
        if (ctx.attempt === 1) throw new Unreachable('test.leak', `refused ${token}`);
        return { value: { seen: `Bearer ${token}` } };
      },
      'test.throw': async (_, ctx) => {
        const secret = await openPassword(ctx);
        throw new InvalidInput('test.leak', `cannot use ${secret}`, { hint: `not ${secret}`, details: { tried: secret }, cause: new Error(`inner ${secret}`) });
      },
      'test.retried': async (_, ctx) => {
        throw new Unreachable('test.leak', `cannot reach with ${await openPassword(ctx)}`);
      },
      'test.bare': async (_, ctx) => {
        throw new Error(`a library says ${await openPassword(ctx)}`);
      },
      'test.slow': async (_, ctx) => {
        const secret = await openPassword(ctx);
        await sleep(60_000, undefined, { signal: ctx.signal }).catch(() => {
          throw new Error(`stopped while using ${secret}`);
        });
        return {};
      },
    },
    async connections({ databases, address, workspaceId }) {
      const deps = {
        databases,
        vault: createVault({ databases, masterKey: address.masterKey }),
        connectors: { all: connectors, limits: { folders: [], dataFolder: '/nowhere' } },
      };
      const config = { host: 'h', user: 'u', hostKey: `SHA256:${'A'.repeat(43)}` };
      await createConnection(deps, testActor(workspaceId), { slug: 'server', title: 'Server', type: 'sftp', config, secret: { password } });
      return createConnectionPort(deps);
    },
  });
});
afterAll(() => bench.close());

test('nothing of a run holds the secret: not its values, logs, events, errors, artifacts or deliveries', async () => {
  const started = await bench.start({
    steps: {
      tell: { use: 'test.tell' },
      token: { use: 'test.token', retry: { attempts: 2, delay: '20ms' } },
      fails: { use: 'test.throw' },
      retried: { use: 'test.retried', retry: { attempts: 2, delay: '20ms' } },
      bare: { use: 'test.bare' },
      slow: { use: 'test.slow', timeout: '200ms' },
    },
  });
  const ended = await bench.ended(started.id);
  expect(ended.steps.map((step) => step.error?.code)).toEqual([undefined, undefined, 'test.leak', 'test.leak', 'bug.unexpected', 'step.timeout']);
  const tables = ['run', 'step_run', 'run_event', 'step_log', 'artifact', 'delivery', 'object', 'connection'];
  const dump: string[] = [];
  for (const table of tables) {
    const { rows } = await bench.databases.enginePool.query<{ row: string }>(`select row_to_json(t)::text as row from ${table} t`);
    dump.push(...rows.map(({ row }) => `${table}: ${row}`));
  }
  const all = dump.join('\n');
  expect(dump.filter((line) => line.startsWith('delivery'))).toHaveLength(1);
  expect(all).toContain('[redacted]');
  expect(dump.filter((line) => /token-that-was-given|open-sesame|b3Blbi1zZXNhbW|9wZW4tc2VzYW1l|vcGVuLXNlc2FtZ/.test(line))).toEqual([]);
});

// File triggers on real servers of each kind: a file fires once, another version of it again; a server that is away is told, and nothing is lost by it.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeIdleFtp } from '../../../../steps/src/ftp/ftp-place.ts';
import { startVsftpd, vsftpdMissing } from '../../../../steps/src/ftp/testing/vsftpd.ts';
import { closeS3Clients, openS3 } from '../../../../steps/src/s3/s3-client.ts';
import { S3Place } from '../../../../steps/src/s3/s3-place.ts';
import { S3Config } from '../../../../steps/src/s3/s3-settings.ts';
import { closeIdleConnections } from '../../../../steps/src/ssh/ssh-pool.ts';
import { sshdMissing, startSshd } from '../../../../steps/src/testing/sshd.ts';
import { startSwift, swiftMissing } from '../../storage/objects/testing/swift.ts';
import { type Gate, startGate } from './testing/gate.ts';
import { startTriggerBench, type TriggerBench } from './testing/trigger-bench.ts';
import { testTrigger } from './trigger-test.service.ts';
import { showTrigger } from './triggers.service.ts';

interface Server extends AsyncDisposable {
  port: number;
  connection(port: number): { config: Record<string, unknown>; secret: Record<string, unknown> };
  /** Not by the gate. */
  put(name: string, content: string): Promise<void>;
}

async function sftpServer(): Promise<Server> {
  const sshd = await startSshd();
  return {
    port: sshd.port,
    connection: (port) => ({ config: sshd.config({ port }), secret: { password: sshd.user.password } }),
    put: (name, content) => writeFile(path.join(sshd.user.home, name), content),
    async [Symbol.asyncDispose]() {
      closeIdleConnections();
      await sshd[Symbol.asyncDispose]();
    },
  };
}

async function ftpServer(): Promise<Server> {
  const vsftpd = await startVsftpd();
  return {
    port: vsftpd.port,
    connection: (port) => ({ config: vsftpd.config({ port }), secret: { password: vsftpd.password } }),
    put: (name, content) => writeFile(path.join(vsftpd.home, name), content),
    async [Symbol.asyncDispose]() {
      closeIdleFtp();
      await vsftpd[Symbol.asyncDispose]();
    },
  };
}

async function s3Server(): Promise<Server> {
  const swift = await startSwift();
  const { endpoint = '', region, bucket, accessKey, secretKey } = swift.settings;
  const secret = { secretAccessKey: secretKey as string };
  const configAt = (port: number) => ({ endpoint: `http://127.0.0.1:${port}`, region, bucket, accessKeyId: accessKey, timeoutSeconds: 5 });
  const port = Number(new URL(endpoint).port);
  const config = S3Config.parse(configAt(port));
  const client = openS3({ config, secret });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const place = new S3Place({ workspaceId: 'w', slug: 'direct', config, secret, signal: new AbortController().signal }, client);
  return {
    port,
    connection: (at) => ({ config: configAt(at), secret }),
    put: async (name, content) => void (await place.write(name, Readable.from([Buffer.from(content)]), { start: 0, size: content.length })),
    async [Symbol.asyncDispose]() {
      client.destroy();
      closeS3Clients();
      await swift[Symbol.asyncDispose]();
    },
  };
}

let bench: TriggerBench;
beforeAll(async () => {
  bench = await startTriggerBench();
});
afterAll(() => bench.close());

describe.each([
  { type: 'sftp', start: sftpServer, missing: sshdMissing },
  { type: 'ftp', start: ftpServer, missing: vsftpdMissing },
  { type: 's3', start: s3Server, missing: swiftMissing },
])('$type', ({ type, start, missing }) => {
  describe.skipIf(missing !== undefined)(`a server${missing ? ` (skipped: ${missing})` : ''}`, () => {
    let server: Server;
    let gate: Gate;
    let slug: string;
    const look = () => bench.lookNow(slug);
    const shown = () => showTrigger(bench.deps, bench.actor, slug);
    const fired = async () => (await bench.history(slug)).map(({ state, title }) => `${state} ${title}`);
    /** As if the hour that is asked for had passed since the last look. */
    const anHourLater = () => bench.databases.enginePool.query(`update trigger_item set since = since - interval '2 hours' where not done`);
    const settled = async () => {
      await look();
      await anHourLater();
      await look();
    };

    beforeAll(async () => {
      server = await start();
      gate = await startGate(server.port);
      await bench.connect({ slug: type, type, ...server.connection(gate.port) });
      const flow = await bench.apply({
        parameters: { path: { type: 'string' } },
        steps: {
          event: { use: 'trigger.event' },
          read: { use: 'file.read', after: 'event', each: { over: 'steps.event.value.files' }, with: { connection: type, path: '{{ item.path }}' } },
        },
      });
      await server.put('old.csv', 'was there before');
      slug = await bench.make({
        kind: 'file',
        flow,
        parameters: { path: 'event.file.path' },
        config: { connection: type, pattern: '*.csv', stableSeconds: 3_600 },
      });
      await look();
    }, 180_000);
    afterAll(async () => {
      await gate?.[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
    });

    test('a file starts one run, which can read it, when it has been the same for long enough', async () => {
      await server.put('a.csv', 'half');
      await look();
      await server.put('a.csv', 'half, and the rest');
      await server.put('a.txt', 'fits no pattern');
      await anHourLater();
      await look();
      expect(await fired()).toEqual([]);
      expect(await shown()).toMatchObject({ health: 'healthy', note: expect.stringContaining('a.csv waits') });
      await settled();
      await look();
      const [event, ...others] = await bench.history(slug);
      expect(others).toEqual([]);
      expect(event).toMatchObject({ state: 'fired', times: 1, event: { file: { connection: type, path: 'a.csv', size: 18 } } });
      expect(await bench.ended(event?.run?.id ?? '')).toMatchObject({ state: 'succeeded', parameters: { path: 'a.csv' } });
    });

    test('another version of it fires again, once', async () => {
      await server.put('a.csv', 'another version of it');
      await settled();
      await look();
      expect(await fired()).toEqual(['fired a.csv', 'fired a.csv']);
      expect(await testTrigger(bench.deps, bench.actor, { slug, signal: new AbortController().signal })).toMatchObject({ ok: true, lines: [] });
    });

    test('while the server is away it is failing, told once; what came meanwhile fires once it is back', async () => {
      gate.close();
      for (let times = 0; times < 4; times++) await look();
      const { health, failing } = await shown();
      expect({ health, times: failing?.times, retryable: failing?.error.retryable }).toEqual({ health: 'failing', times: 4, retryable: true });
      const { rows } = await bench.databases.enginePool.query(`select 1 from notification_event where kind = 'trigger.failing' and object_id = $1`, [slug]);
      expect(rows).toHaveLength(1);
      expect(await testTrigger(bench.deps, bench.actor, { slug, signal: new AbortController().signal })).toMatchObject({ ok: false });
      await server.put('b.csv', 'came meanwhile');
      gate.open();
      await settled();
      await look();
      expect(await shown()).toMatchObject({ health: 'healthy', failing: null });
      expect(await fired()).toEqual(['fired a.csv', 'fired a.csv', 'fired b.csv']);
      const runs = await bench.databases.enginePool.query('select 1 from run where origin_id = (select id from flow_trigger where slug = $1)', [slug]);
      expect(runs.rows).toHaveLength(3);
    });
  });
});

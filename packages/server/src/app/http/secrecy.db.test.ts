// CRED-06 and the sinks: secrets are put in by every way that takes one, used in a run that fails, and then looked for everywhere: in every answer to
// a GET, in every table, log and stored object, and in the arguments and environments of every process.
import { readdir, readFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import { allRoutes } from '@tidewheel/contract/routes/index';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { startTestServer, type TestServer } from '../../testing/server.ts';

const secrets = ['S3cr&t/+"ö\\ named=?', 'S3cr&t/+"ü\\ private=?', 'S3cr&t/+"ä\\ former=?', 'S3cr&t/+"ß\\ of-mail=?'];
let database: FreshDatabase;
let server: TestServer;
let silent: net.Server;
let client: Client;
let token: string;
let run: string;

/** What must show nowhere: the secret as it is and in the forms in which libraries repeat it. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams({ a: secret }).toString().slice(2),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ];
}
const forms = secrets.flatMap(formsOf);
const found = (where: string, text: string) => forms.filter((form) => text.includes(form)).map((form) => `${where}: ${form}`);

beforeAll(async () => {
  database = await freshDatabase();
  silent = net.createServer((socket) => void socket.on('error', () => {}));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  server = await startTestServer({
    environment: {
      DATABASE_URL: database.address.ownerUrl,
      TIDEWHEEL_MASTER_KEY: database.address.masterKey.toString('base64'),
      TIDEWHEEL_EGRESS_ALLOW: '127.0.0.1',
      TIDEWHEEL_LOG_LEVEL: 'trace',
      TIDEWHEEL_RATE_LIMITS: 'off',
    },
  });
  ({ token } = JSON.parse(await readFile(path.join(server.dataFolder, 'cli-token.json'), 'utf8')) as { token: string });
  client = createClient({ origin: server.origin, token });
});
afterAll(async () => {
  await server?.stop();
  silent?.close();
  await database?.drop();
});

const [named = '', own = '', former = '', ofMail = ''] = secrets;

async function giveSecrets(): Promise<void> {
  const { port } = silent.address() as AddressInfo;
  const config = { host: '127.0.0.1', port, user: 'tide', hostKey: `SHA256:${'A'.repeat(43)}`, timeoutSeconds: 3 };
  await client.call(routes.createCredential, {
    body: { slug: 'shared', type: 'ssh', title: 'Shared', fields: { user: 'tide' }, secret: { password: former } },
  });
  await client.call(routes.rotateCredential, { params: { slug: 'shared' }, body: { secret: { password: named }, graceHours: 24 } });
  await client.call(routes.createConnection, { body: { slug: 'far', title: 'Far', type: 'sftp', config, credential: 'shared' } });
  await client.call(routes.createConnection, { body: { slug: 'near', title: 'Near', type: 'sftp', config, secret: { password: own } } });
  const mail = { host: '127.0.0.1', port, security: 'none' as const, user: 'tide', from: 'tide@example.org', password: ofMail };
  await client.call(routes.updateMailSettings, { body: mail }).catch(() => undefined);
  for (const slug of ['far', 'near']) await client.call(routes.testConnection, { params: { slug } });
  await client.call(routes.testCredential, { params: { slug: 'shared' }, body: {} });
}

/** Requests that are refused repeat nothing of what was in them. */
async function giveWrongly(): Promise<string[]> {
  const wrong: [string, string, unknown][] = [
    ['POST', '/api/credentials', { slug: 'x', type: 'ssh', title: 'X', fields: { user: 'u' }, secret: { pasword: own, password: [former] } }],
    ['POST', '/api/credentials', { slug: 'shared', type: 'ssh', title: 'X', fields: { user: 'u' }, secret: { password: own } }],
    ['POST', '/api/credentials/shared/rotate', { secret: { privateKey: `${own}${'x'.repeat(100)}` } }],
    ['POST', '/api/connections', { slug: 'y', title: 'Y', type: 'sftp', config: {}, secret: { password: own, passwort: named } }],
  ];
  const answers = await Promise.all(
    wrong.map(async ([method, address, body]) => {
      const answer = await fetch(server.origin + address, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      return found(`${method} ${address}`, await answer.text());
    }),
  );
  return answers.flat();
}

async function processesBelow(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const below = [pid];
  for (let index = 0; index < below.length; index += 1) for (const [child, parent] of parents) if (parent === below[index]) below.push(child);
  return below;
}

async function lookIntoProcesses(): Promise<{ leaks: string[]; seen: number }> {
  const leaks: string[] = [];
  const pids = await processesBelow(server.pid);
  for (const pid of pids) {
    for (const file of ['cmdline', 'environ']) {
      const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
      leaks.push(...found(`${pid} ${file}`, text));
      // The master key is the server's own, and only where it was started with it.
      if (pid !== server.pid && text.includes(database.address.masterKey.toString('base64'))) leaks.push(`${pid} ${file}: the master key`);
    }
  }
  return { leaks, seen: pids.length };
}

test.runIf(process.platform === 'linux')('a run with secrets open shows them in no process, neither in arguments nor in environments', async () => {
  await giveSecrets();
  const source = `flow: leaks
title: Leaks
kind: job
steps:
  file: { use: report.text, with: { fileName: a.txt, template: Hello } }
  far: { use: deliver.sftp, from: file, with: { connection: far }, retry: { attempts: 1 } }
  near: { use: deliver.sftp, from: file, with: { connection: near }, retry: { attempts: 1 } }
`;
  await client.call(routes.applyFlow, { body: { source } });
  ({ id: run } = await client.call(routes.startRun, { params: { slug: 'leaks' }, body: {} }));
  let seen = 0;
  for (;;) {
    const state = (await client.call(routes.showRun, { params: { id: run } })).state;
    const look = await lookIntoProcesses();
    expect(look.leaks).toEqual([]);
    seen = Math.max(seen, look.seen);
    if (state === 'failed') break;
    expect(['queued', 'running']).toContain(state);
    await sleep(100);
  }
  expect(seen).toBeGreaterThan(1);
});

test('no refused request repeats a secret', async () => {
  expect(await giveWrongly()).toEqual([]);
});

test('no route that reads gives a secret, whoever asks and whatever for', async () => {
  const values: Record<string, string[]> = {
    slug: ['shared', 'far', 'near', 'leaks'],
    id: [run],
    step: ['far', 'near', 'file'],
    version: ['1'],
    number: ['1'],
  };
  const leaks: string[] = [];
  let answered = 0;
  let told = 0;
  for (const route of allRoutes.filter((one) => one.method === 'GET')) {
    for (const address of addressesOf(route.path, values)) {
      const signal = AbortSignal.timeout(route.responseType === 'text/event-stream' ? 700 : 20_000);
      const answer = await fetch(server.origin + address, { headers: { authorization: `Bearer ${token}` }, signal });
      const text = await textOf(answer);
      expect([address, answer.status < 500 || answer.status === 503]).toEqual([address, true]);
      if (answer.ok) answered += 1;
      leaks.push(...found(address, text));
      if (text.includes('"title":"Shared"')) told += 1;
    }
  }
  // What may be seen of the credential was among the answers, so the look was not into the void.
  expect(told).toBeGreaterThan(0);
  expect(answered).toBeGreaterThan(30);
  expect(leaks).toEqual([]);
});

async function textOf(answer: Response): Promise<string> {
  let text = '';
  try {
    for await (const chunk of answer.body ?? []) text += Buffer.from(chunk as Uint8Array).toString();
  } catch {
    // A stream that goes on: what came so far counts.
  }
  return text;
}

function addressesOf(route: string, values: Record<string, string[]>): string[] {
  const [, name] = /\{(\w+)\}/.exec(route) ?? [];
  if (name === undefined) return [route];
  return (values[name] ?? ['x']).flatMap((value) => addressesOf(route.replace(`{${name}}`, encodeURIComponent(value)), values));
}

test('no table, log or stored object holds one', async () => {
  const owner = new pg.Client({ connectionString: database.address.ownerUrl });
  await owner.connect();
  const { rows: tables } = await owner.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const leaks: string[] = [];
  for (const { name } of tables) {
    const { rows } = await owner.query<{ row: string }>(`select t::text || coalesce(row_to_json(t)::text, '') as row from ${name} t`);
    for (const { row } of rows) leaks.push(...found(name, row));
  }
  await owner.end();
  leaks.push(...found('standard output', server.log()));
  for (const file of await readdir(server.dataFolder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || file.parentPath.includes('postgres')) continue;
    leaks.push(...found(file.name, await readFile(path.join(file.parentPath, file.name), 'utf8').catch(() => '')));
  }
  expect(leaks).toEqual([]);
  // The secrets were really in use: the runs failed at the far side, not before.
  const { steps } = await client.call(routes.showRun, { params: { id: run } });
  expect(steps.filter((step) => step.state === 'failed').map((step) => step.error?.code)).toEqual(
    ['ssh.timeout', 'ssh.timeout'].map(() => expect.stringMatching(/^(ssh|network|step|egress)\./)),
  );
});

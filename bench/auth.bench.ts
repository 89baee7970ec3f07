// npm run bench auth: what it costs that somebody is signed in, beside an open request to the same server in the same run.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Bug } from '../packages/contract/src/errors.ts';
import { Visitor } from '../packages/server/src/platform/identity/testing/visitor.ts';
import { startTestServer, type TestServer } from '../packages/server/src/testing/server.ts';
import { type Load, load } from './auth/load.ts';
import { type BenchResult, report } from './report.ts';

const connections = 10;
const seconds = 2;
const rounds = 5;
const most = 1.5;
const account = { email: 'bench@example.com', password: 'four words nobody guesses' };

const server = await startTestServer({ environment: { TIDEWHEEL_RATE_LIMITS: 'on', TIDEWHEEL_LOG_LEVEL: 'warn' } });
try {
  const ways = await signIn(server);
  // The same handler twice, open and behind a sign-in; and an open one that asks Postgres, as every page that shows something does.
  const measured = { open: [] as Load[], query: [] as Load[], cookie: [] as Load[], token: [] as Load[], jwt: [] as Load[] };
  for (let round = 0; round <= rounds; round++) {
    const times = {
      open: await measure('/health/live', {}),
      cookie: await measure('/api/ping', ways.cookie),
      token: await measure('/api/ping', ways.token),
      jwt: await measure('/api/ping', ways.jwt),
      query: await measure('/api/auth/entry', {}),
    };
    // The first round warms up.
    if (round > 0) for (const [name, time] of Object.entries(times)) measured[name as keyof typeof measured].push(time);
  }
  const limit = median(measured.open.map((one) => one.p95));
  const results: BenchResult[] = [
    { name: 'open GET, p95', value: limit, unit: 'ms', limit: null, ratio: null, goal: null, met: null },
    { name: 'open GET that asks Postgres, p95', value: median(measured.query.map((one) => one.p95)), unit: 'ms', limit, ratio: null, goal: null, met: null },
  ];
  for (const name of ['cookie', 'token', 'jwt'] as const) {
    const value = median(measured[name].map((one) => one.p95));
    // Round by round, so that what else the machine did meanwhile counts for both.
    const ratio = median(measured[name].map((one, round) => one.p95 / (measured.open[round]?.p95 ?? Number.NaN)));
    results.push({ name: `signed in by ${name}, p95`, value, unit: 'ms', limit, ratio, goal: most, met: ratio <= most });
    results.push({
      name: `signed in by ${name}, throughput`,
      value: median(measured[name].map((one) => one.perSecond)),
      unit: '1/s',
      limit: median(measured.open.map((one) => one.perSecond)),
      ratio: null,
      goal: null,
      met: null,
    });
  }
  report({ bench: 'auth', results });
} finally {
  await server.stop();
}

function measure(address: string, headers: Record<string, string>): Promise<Load> {
  return load({ url: server.origin + address, headers, connections, seconds });
}

/** The first administrator of a fresh installation, signed in in each way; the limits of requests are there, but out of reach. */
async function signIn({ origin, firstLink, dataFolder }: TestServer): Promise<Record<'cookie' | 'token' | 'jwt', Record<string, string>>> {
  const { token } = JSON.parse(await readFile(path.join(dataFolder, 'cli-token.json'), 'utf8')) as { token: string };
  const bearer = { authorization: `Bearer ${token}` };
  const visitor = new Visitor(origin);
  const rate = { perSecond: 100_000, burst: 1_000_000 };
  await expectOk(visitor.call('PATCH', '/api/security/settings', { rates: { open: rate, signedIn: rate } }, bearer));
  const link = new URL(firstLink ?? '').pathname.split('/').at(-1) ?? '';
  await expectOk(visitor.call('POST', `/api/auth/links/${link}`, { ...account, name: 'Bench' }));
  const login = await expectOk<{ accessToken: string }>(visitor.call('POST', '/api/auth/login', account));
  return { cookie: { cookie: visitor.cookie ?? '' }, token: bearer, jwt: { authorization: `Bearer ${login.accessToken}` } };
}

async function expectOk<T>(answer: Promise<{ status: number; body: unknown }>): Promise<T> {
  const { status, body } = await answer;
  if (status >= 300) throw new Bug('bench.sign_in', JSON.stringify(body));
  return body as T;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

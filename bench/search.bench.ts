// npm run bench search: ten million colors, asked as a desk asks, beside the statements that somebody would write by hand for the same tables, in the same run.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { permissions } from '@tidewheel/contract/route';
import pg from 'pg';
import type { Actor } from '../packages/server/src/base/actor.ts';
import { createLogger } from '../packages/server/src/base/logger.ts';
import { showDashboard } from '../packages/server/src/features/colors/dashboard/dashboard.service.ts';
import { searchColors, suggestSecurities } from '../packages/server/src/features/colors/search/search.service.ts';
import { openDatabases } from '../packages/server/src/storage/database.ts';
import { startEmbedded } from '../packages/server/src/storage/postgres/embedded.ts';
import { prepareDatabase } from '../packages/server/src/storage/prepare.ts';
import { report } from './report.ts';
import { makeColors } from './search/data.ts';
import { type Bond, type Question, questions } from './search/questions.ts';

const colors = Number(process.env.BENCH_COLORS ?? 10_000_000);
const asked = Number(process.env.BENCH_ROUNDS ?? 600);
const dataFolder = await mkdtemp(path.join(tmpdir(), 'tidewheel-search-'));
await chmod(dataFolder, 0o711);
const server = await startEmbedded({ dataFolder, logger: createLogger({ role: 'bench', level: 'error' }), parameters: { max_wal_size: '4GB' }, sync: false });
const masterKey = Buffer.alloc(32, 7);
const { workspaceId, rootKey } = await prepareDatabase({ ownerUrl: server.ownerUrl, masterKey });
const databases = openDatabases({ ownerUrl: server.ownerUrl, masterKey, rootKey }, { size: 4, name: 'bench' });
const owner = new pg.Client({ connectionString: server.ownerUrl });
const actor: Actor = { userId: null, label: 'bench', workspaceId, role: 'admin', permissions: new Set(permissions) };

/** Mulberry32: the same questions in every run. */
let seed = 20_261_121;
function chance(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

async function bare({ bare: { where, order, values } }: Question): Promise<{ lines: number[]; total: number }> {
  const from = `from color where workspace_id = $1 and excluded_by is null and ${where}`;
  const page = await owner.query<{ line: number }>(`select * ${from} order by ${order} limit 51`, [workspaceId, ...values]);
  const count = await owner.query<{ total: number }>(`select count(*)::int as total from (select 1 ${from} limit 10001) c`, [workspaceId, ...values]);
  return { lines: page.rows.slice(0, 50).map(({ line }) => line), total: Math.min(10_000, count.rows[0]?.total ?? 0) };
}

async function ours({ filter, sort }: Question): Promise<{ lines: number[]; total: number }> {
  const { items, total } = await searchColors({ databases }, actor, { ...filter, sort, limit: 50 });
  return { lines: items.map(({ line }) => line), total };
}

interface Times {
  ours: number[];
  bare: number[];
}
const times: Times = { ours: [], bare: [] };
const byKind = new Map<string, Times>();
const typing: number[] = [];
const figures: number[] = [];
try {
  await owner.connect();
  await owner.query('set jit = off');
  const making = await timed(() => makeColors(owner, workspaceId, { colors, securities: 50_000, days: 500 }));
  process.stderr.write(`${colors.toLocaleString('en')} colors made in ${(making / 1_000).toFixed(0)} s\n`);
  const { rows: days } = await owner.query<{ monthAgo: string; yearAgo: string }>(
    `select (max(date) - 30)::text as "monthAgo", (max(date) - 365)::text as "yearAgo" from color_processing`,
  );
  const { rows: bonds } = await owner.query<Bond>('select * from bond order by md5(n::text) limit $1', [asked]);
  const all = questions(bonds, { chance, ...(days[0] as { monthAgo: string; yearAgo: string }) });
  for (const question of all) {
    // Each of the two is first as often as the other: whoever is first reads from the disk for both.
    const isFirst = chance() < 0.5;
    let mine = { lines: [] as number[], total: 0 };
    let theirs = mine;
    const askOurs = () =>
      timed(async () => {
        mine = await ours(question);
      });
    const askBare = () =>
      timed(async () => {
        theirs = await bare(question);
      });
    const first = await (isFirst ? askOurs : askBare)();
    const second = await (isFirst ? askBare : askOurs)();
    if (mine.total !== theirs.total || mine.lines.join() !== theirs.lines.join()) throw new RangeError(`The two disagree on ${JSON.stringify(question)}`);
    const kind = byKind.get(question.kind) ?? { ours: [], bare: [] };
    byKind.set(question.kind, kind);
    for (const one of [times, kind]) {
      one.ours.push(isFirst ? first : second);
      one.bare.push(isFirst ? second : first);
    }
    const text = question.filter.text?.slice(0, 1 + Math.floor(chance() * 5));
    if (text !== undefined) typing.push(await timed(() => suggestSecurities({ databases }, actor, { text, limit: 8 })));
    if (chance() < 0.1) figures.push(await timed(() => showDashboard({ databases }, actor, { days: 400 })));
  }
} finally {
  await owner.end();
  await databases.close();
  await server.stop();
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

const row = (name: string, one: Times, share: number, goals: { ms: number; ratio: number } | null) => {
  const [value, limit] = [at(one.ours, share), at(one.bare, share)];
  return {
    name,
    value,
    unit: 'ms',
    limit,
    ratio: value / limit,
    goal: goals?.ms ?? null,
    met: goals === null ? null : value < goals.ms && value < goals.ratio * limit,
  };
};
report({
  bench: 'search',
  results: [
    row(`${colors.toLocaleString('en')} colors, ${asked} searches: p95 (beside bare SQL)`, times, 0.95, { ms: 100, ratio: 2 }),
    row('… the median', times, 0.5, null),
    ...[...byKind].map(([kind, one]) => row(`  ${kind}: p95`, one, 0.95, null)),
    { name: 'suggestions while typing: p95', value: at(typing, 0.95), unit: 'ms', limit: null, ratio: null, goal: 100, met: at(typing, 0.95) < 100 },
    { name: 'dashboard of 400 days: p95', value: at(figures, 0.95), unit: 'ms', limit: null, ratio: null, goal: 200, met: at(figures, 0.95) < 200 },
  ],
});

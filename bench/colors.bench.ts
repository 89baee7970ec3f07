// npm run bench colors: a million colors by 200 rules, excluded, ordered, grouped and coloured, beside a statement that a person wrote for the same table in the same run.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { defaultColorOrder } from '@tidewheel/contract/color-rule';
import { createLogger } from '../packages/server/src/base/logger.ts';
import { createTableEngine } from '../packages/server/src/storage/tables/create-table-engine.ts';
import type { TableEngine, TableJobNode } from '../packages/server/src/storage/tables/table-engine.ts';
import { colorings, exclusions, handWritten, millionColors } from './colors/rules.ts';
import { report } from './report.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const scratch = await mkdtemp(path.join(tmpdir(), 'tidewheel-colors-'));
const source = path.join(scratch, 'colors.parquet');
let folders = 0;

const shown = ({ id, when }: { id: string; when: unknown }) => ({ id, when: when as never });
const rank: TableJobNode = {
  id: 'rank',
  node: {
    op: 'colors',
    exclusions: exclusions.map(shown),
    colorings: colorings.map((rule) => ({ ...shown(rule), color: rule.color })),
    order: defaultColorOrder,
    today: '2026-11-20',
  },
  inputs: { input: { stored: { path: source, format: 'parquet' } } },
  keep: true,
};
async function run(engine: TableEngine, nodes: TableJobNode[]) {
  const folder = path.join(scratch, String(++folders));
  await mkdir(folder);
  const start = performance.now();
  const result = await engine.run(
    { nodes, parameters: {}, now: new Date('2026-11-20T10:00:00Z'), today: '2026-11-20', timeZone: 'UTC', folder },
    { signal: new AbortController().signal },
  );
  return { ms: performance.now() - start, table: result.nodes['rank']?.table?.path ?? '' };
}

async function ask(peer: ChildProcess, sql: string): Promise<number> {
  peer.send(sql);
  const [answer] = (await once(peer, 'message')) as [{ ms?: number; error?: string }];
  if (answer.error) throw new RangeError(answer.error);
  return answer.ms ?? 0;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Both tables hold the same rows in the same places. */
async function same(peer: ChildProcess, { ours, theirs }: { ours: string; theirs: string }): Promise<void> {
  const shape = (file: string) => `SELECT cusip, ticker, dealer, "excludedBy", position, family, child, color, "colorBy" FROM read_parquet('${file}')`;
  const differ = (left: string, right: string) => `(SELECT count(*) FROM (${shape(left)} EXCEPT ALL ${shape(right)}))`;
  await ask(peer, `SELECT CASE WHEN ${differ(ours, theirs)} + ${differ(theirs, ours)} > 0 THEN error('the node and the hand-written statement disagree') END`);
}

const engine = createTableEngine({ processes: 1, memoryLimit: '2GB', scratch, log: createLogger({ role: 'bench', level: 'error' }) });
const peer = fork(path.join(import.meta.dirname, 'tables/warm-process.ts'), [String(availableParallelism()), '2GB']);
const [rules, whole, theirs]: [number[], number[], number[]] = [[], [], []];
try {
  await once(peer, 'message');
  await ask(peer, millionColors(source));
  for (let round = -1; round < rounds; round++) {
    const target = path.join(scratch, 'theirs.parquet');
    const peerMs = await ask(peer, handWritten(source, target));
    const ours = await run(engine, [rank]);
    const alone = await run(engine, [{ ...rank, keep: false }]);
    if (round < 0) await same(peer, { ours: ours.table, theirs: target });
    else {
      whole.push(ours.ms);
      rules.push(alone.ms);
      theirs.push(peerMs);
    }
    await rm(path.dirname(ours.table), { recursive: true });
  }
} finally {
  peer.kill();
  await engine.close();
  await rm(scratch, { recursive: true, force: true });
}
const ratio = median(whole) / median(theirs);
report({
  bench: 'colors',
  results: [
    {
      name: '1 million colors, 200 rules: rules, places and the first 100 rows',
      value: median(rules) / 1_000,
      unit: 's',
      limit: null,
      ratio: null,
      goal: 2,
      met: median(rules) < 2_000,
    },
    {
      name: '… and the whole table in order, written (beside a hand-written statement)',
      value: median(whole) / 1_000,
      unit: 's',
      limit: median(theirs) / 1_000,
      ratio,
      goal: 1.5,
      met: ratio < 1.5,
    },
  ],
});

// What 100,000 approvals that nobody has decided cost while nothing happens: processor time and memory, beside the same engine without them.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import type { BenchResult } from '../report.ts';
import { copyRun } from './copies.ts';
import { startAll, withWorkers } from './load.ts';

const waits = 100_000;
const seconds = 10;
const ticksPerSecond = 100;

export async function waiting(site: EngineSite): Promise<BenchResult[]> {
  const slug = await site.apply({ ask: { use: 'approval', with: { approvers: 'ada@example.org' } } });
  return withWorkers(site, 2, async (workers) => {
    const [run = ''] = await startAll(site, { slug, runs: 1 });
    await untilWaiting(site, run);
    const pids = [process.pid, ...workers.map((worker) => worker.pid ?? 0)];
    await sleep(2_000);
    const before = await idle(pids);
    await copyRun(site, { run, times: waits, tables: ['step_run', 'step_wait', 'approval'] });
    await sleep(5_000);
    const after = await idle(pids);
    return [
      {
        name: 'processor while 100,000 approvals wait, beside one',
        unit: '% of a core',
        value: after.processor,
        limit: before.processor,
        ratio: after.processor / before.processor,
        goal: null,
        met: null,
      },
      {
        name: 'memory of bench and workers meanwhile, beside one',
        unit: 'MB',
        value: after.memory,
        limit: before.memory,
        ratio: after.memory / before.memory,
        goal: null,
        met: null,
      },
    ];
  });
}

async function untilWaiting({ databases }: EngineSite, run: string): Promise<void> {
  for (;;) {
    const { rows } = await databases.enginePool.query<{ open: number }>('select count(*)::int as open from step_wait where run_id = $1 and ended_at is null', [
      run,
    ]);
    if (rows[0]?.open === 1) return;
    await sleep(20);
  }
}

/** Over ten seconds: of these processes and everything they started, Postgres too. Memory of these alone. */
async function idle(pids: number[]): Promise<{ processor: number; memory: number }> {
  const before = ticksOf(pids);
  await sleep(seconds * 1_000);
  return { processor: ((ticksOf(pids) - before) / ticksPerSecond / seconds) * 100, memory: pids.map(residentMb).reduce((sum, one) => sum + one, 0) };
}

function ticksOf(roots: number[]): number {
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? statOf(name) : []));
  const counted = new Set(roots);
  for (let grew = true; grew; ) {
    grew = false;
    for (const { pid, parent } of stats) {
      if (counted.has(pid) || !counted.has(parent)) continue;
      counted.add(pid);
      grew = true;
    }
  }
  return stats.filter(({ pid }) => counted.has(pid)).reduce((sum, { ticks }) => sum + ticks, 0);
}

function statOf(pid: string): { pid: number; parent: number; ticks: number }[] {
  try {
    // The name of a program may have anything in it but ends with the last parenthesis.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return [{ pid: Number(pid), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
  } catch {
    return [];
  }
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1_024;
}

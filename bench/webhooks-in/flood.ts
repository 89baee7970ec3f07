// Ten thousand calls a second by a process of its own, and meanwhile: what is answered, how much memory the server takes, and how soon others are served.
import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { BenchResult } from '../report.ts';
import { ask, type Hook } from './caller.ts';
import type { FloodOrder, FloodOutcome } from './flooder.ts';

const perSecond = 10_000;
const seconds = 20;
const connections = 1_800;

export interface Flooded {
  outcome: FloodOutcome;
  /** Bytes of the server's process, twice a second. */
  memory: number[];
  /** How long others waited, in milliseconds. */
  waits: number[];
}

export async function flood(hook: Hook, { pid, forSeconds = seconds }: { pid: number; forSeconds?: number }): Promise<Flooded> {
  const flooder = fork(fileURLToPath(new URL('flooder.ts', import.meta.url)), { execArgv: ['--disable-warning=ExperimentalWarning'] });
  const ended = new Promise<FloodOutcome>((resolve, reject) => {
    flooder.once('message', (outcome) => resolve(outcome as FloodOutcome));
    flooder.once('exit', (code) => reject(new RangeError(`the flood ended with ${code}`)));
  });
  flooder.send({ ...hook, perSecond, seconds: forSeconds, connections } satisfies FloodOrder);
  const isOver = ended.then(
    () => true,
    () => true,
  );
  const [memory, waits] = await Promise.all([memoryOf(pid, isOver), othersOf(hook.origin, isOver)]);
  return { outcome: await ended, memory, waits };
}

async function memoryOf(pid: number, isOver: Promise<boolean>): Promise<number[]> {
  const seen: number[] = [];
  do seen.push(await residentBytes(pid));
  while (!(await Promise.race([isOver, pause(500)])));
  return seen;
}

export async function residentBytes(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

async function othersOf(origin: string, isOver: Promise<boolean>): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const waits: number[] = [];
  do {
    const began = performance.now();
    await ask(agent, `${origin}/health/live`);
    waits.push(performance.now() - began);
  } while (!(await Promise.race([isOver, pause(20)])));
  agent.destroy();
  return waits;
}

function pause(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** What is taken may be no more than `most`; undefined: as much as the server can. */
export function resultsOf(name: string, { outcome, memory, waits }: Flooded, { most }: { most?: number } = {}): BenchResult[] {
  const count = (...statuses: number[]) => statuses.reduce((sum, status) => sum + (outcome.statuses[status] ?? 0), 0);
  const answered = Object.values(outcome.statuses).reduce((sum, one) => sum + one, 0);
  const took = answered / outcome.due;
  const wrong = answered - count(200, 202, 429) + outcome.silent + outcome.broken + (outcome.runs.length - new Set(outcome.runs).size);
  const [early, late] = [memory.slice(memory.length / 4, memory.length / 2), memory.slice(-memory.length / 4)].map(median) as [number, number];
  const taken = count(202) / seconds;
  if (wrong > 0) console.error(name, { ...outcome, runs: outcome.runs.length });
  return [
    { name: `${name}: calls answered, of ${perSecond}/s`, unit: '1/s', value: took * perSecond, limit: perSecond, ratio: took, goal: null, met: null },
    {
      name: `${name}: of these taken${most === undefined ? '' : ', of what is allowed'}`,
      unit: '1/s',
      value: taken,
      limit: most ?? null,
      ratio: most === undefined ? null : taken / most,
      goal: most === undefined ? null : 1,
      met: most === undefined ? null : taken <= most,
    },
    {
      name: `${name}: neither taken nor 429 with Retry-After, broken, or a run twice`,
      unit: 'calls',
      value: wrong,
      limit: 0,
      ratio: null,
      goal: 0,
      met: wrong === 0,
    },
    {
      name: `${name}: memory late in it, of early in it`,
      unit: 'MB',
      value: late / 1e6,
      limit: early / 1e6,
      ratio: late / early,
      goal: 1.2,
      met: late / early <= 1.2,
    },
    { name: `${name}: the bare route meanwhile, p50`, unit: 'ms', value: median(waits), limit: null, ratio: null, goal: null, met: null },
  ];
}

// A step that logs without end: what is kept, what is left out and said to be, and that nobody else is harmed.
import { setImmediate as turn } from 'node:timers/promises';
import type { LogLine } from '@tidewheel/contract/run';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redactor } from '../../base/redactor.ts';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { listLogs } from '../runs/run-logs.service.ts';
import type { Item } from './batch.ts';
import type { Lease } from './live-run.ts';
import { attemptLog, logLimits } from './step-log.ts';

const millions = 3_000_000;
const filler = 'x'.repeat(80);

describe('a step that logs millions of lines', () => {
  let bench: EngineBench;
  let mostHeap = 0;
  let said = 0;
  let isOtherOver = false;

  beforeAll(async () => {
    bench = await startEngineBench({
      steps: {
        'test.flood': async (_, ctx) => {
          // It goes on until the other run has ended beside it.
          while (said < millions || !isOtherOver) {
            ctx.log.info(`line ${said} ${filler}`);
            if (++said % 50_000 !== 0) continue;
            mostHeap = Math.max(mostHeap, process.memoryUsage().heapUsed);
            // The loop is given back now and then, as any real step does.
            await turn(undefined, { signal: ctx.signal });
          }
          ctx.log.error('and this went wrong');
          return {};
        },
        'test.echo': async () => ({ value: 1 }),
      },
    });
  });
  afterAll(() => bench.close());

  it('takes no memory for them, lets others through, and says what was left out', { timeout: 180_000 }, async () => {
    const heap = process.memoryUsage().heapUsed;
    const started = await bench.start({ steps: { flood: { use: 'test.flood' } } });
    await bench.until(started.id, () => said > 500_000);
    const other = await bench.ended((await bench.start({ steps: { a: { use: 'test.echo' }, b: { use: 'test.echo', from: 'a' } } })).id);
    isOtherOver = true;
    const ended = await bench.ended(started.id);
    expect([ended.state, other.state]).toEqual(['succeeded', 'succeeded']);
    // All lines at once would take 1.4 GB.
    expect(mostHeap - heap).toBeLessThan(250_000_000);

    const lines = await whole(bench, started.id);
    const kept = lines.filter(({ text }) => text.startsWith('line '));
    const leftOut = lines.flatMap(({ text }) => Number(/^(\d+) lines? w(?:as|ere) left out/.exec(text)?.[1] ?? 0)).reduce((sum, count) => sum + count, 0);
    expect(kept.length).toBeGreaterThanOrEqual(logLimits.waitingLines);
    expect(kept.length + leftOut).toBe(said);
    expect(said).toBeGreaterThanOrEqual(millions);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
    expect(lines.at(-1)).toMatchObject({ level: 'error', text: 'and this went wrong' });
  });
});

async function whole(bench: EngineBench, run: string): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for (;;) {
    const page = await listLogs(bench, bench.actor, { run, after: lines.at(-1)?.seq ?? 0, limit: 5_000 });
    lines.push(...page);
    if (page.length < 5_000) return lines;
  }
}

describe('the log of an attempt', () => {
  const tight = { ...logLimits, lines: 10, waitingLines: 4, lineLength: 20 };
  function open(limits = tight) {
    const items: Extract<Item, { kind: 'log' }>[] = [];
    const log = attemptLog({ lease: { live: {}, attempt: 1 } as Lease, step: 'a', add: (item) => item.kind === 'log' && items.push(item), limits });
    const texts = () => items.map(({ line }) => line.text);
    const commit = () => {
      for (const item of items) item.settled();
    };
    return { log, items, texts, commit };
  }

  it('leaves room to errors where other lines wait already', () => {
    const { log, texts, commit } = open();
    for (let n = 1; n <= 6; n++) log.info(`info ${n}`);
    log.error('bad');
    expect(texts()).toEqual(['info 1', 'info 2', 'info 3', 'info 4', '2 lines were left out here: they came faster than they could be stored.', 'bad']);
    commit();
    log.debug('next');
    expect(texts().at(-1)).toBe('next');
  });

  it('is full after so many lines, and says so at once and at the end', () => {
    const { log, texts, commit, items } = open({ ...tight, waitingLines: 100 });
    for (let n = 1; n <= 15; n++) log.info(`${n}`);
    expect(texts().slice(9)).toEqual(['10', expect.stringContaining('The log of this attempt is full: 10 lines')]);
    commit();
    log.close();
    expect(texts().at(-1)).toBe('5 lines were left out here: the log is full.');
    log.error('of an attempt that is over');
    expect(items).toHaveLength(12);
  });

  it('cuts a long line and says so, without leaving half a secret', () => {
    const forget = redactor.watch(['swordfish-9271']);
    const { log, texts } = open();
    log.info(`${'a'.repeat(14)}swordfish-9271${'b'.repeat(1_000)}`);
    log.info(`${'a'.repeat(5)}swordfish-9271${'b'.repeat(1_000)}`);
    forget();
    expect(texts()[0]).toMatch(/^a{14}\[r.* … \(cut here: the line has 1028 characters\)$/);
    expect(texts()[1]).toMatch(/^a{5}\[redacted\]/);
    expect(texts().join()).not.toMatch(/swo|9271/);
  });
});

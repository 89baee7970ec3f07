import type { LogLine } from '@tidewheel/contract/run';
import { expect, test } from 'vitest';
import { filterLines } from './log-filter.ts';

const line = (seq: number, level: LogLine['level'], step: string | null, text: string) => ({ seq, level, step, text }) as LogLine;
const lines = [line(1, 'debug', 'a', 'opened'), line(2, 'info', 'b', 'Read 10 rows'), line(3, 'error', 'b', 'refused')];

test('a level shows itself and all above', () => expect(filterLines(lines, { level: 'info' }).map((l) => l.seq)).toEqual([2, 3]));
test('filters combine', () => expect(filterLines(lines, { level: 'warn', step: 'a' })).toEqual([]));

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellQuote } from '../../shared/shell-quote.ts';
import { commandOf, curlOf } from './copy-run.ts';

test.each(["it's", 'a b', '$HOME `id`', '"', "'; rm -rf /; '", 'plain-1.2'])('a shell reads %s back as it was', (text) => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' })).toBe(text);
});
test('parameters keep their types', () => {
  expect(commandOf({ flow: 'f', parameters: { date: '2026-01-01', top: 10 } })).toBe('tidewheel run start f --param date=2026-01-01 --param top=10 --watch');
  expect(curlOf({ flow: 'f', parameters: { top: 10 } }, 'http://h')).toContain(`-d '{"parameters":{"top":10}}'`);
});

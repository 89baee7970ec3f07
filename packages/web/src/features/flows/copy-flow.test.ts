import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { applyCommandOf, applyCurlOf } from './copy-flow.ts';

const source = "flow: a\ntitle: It's 100% $HOME `x` \\n\n";

it('says the text to a shell as it is', () => {
  const say = (command: string) => execFileSync('sh', ['-c', command], { encoding: 'utf8' });
  expect(say(applyCommandOf({ source }).replace('tidewheel flow apply -', 'cat'))).toBe(source);
  const body = applyCurlOf({ source }, 'http://h').split(' -d ')[1] ?? '';
  expect(JSON.parse(say(`printf %s ${body}`))).toEqual({ source });
  expect(applyCurlOf({ source }, 'http://h')).toMatch(/^curl -sS -X POST http:\/\/h\/api\/flows /);
});

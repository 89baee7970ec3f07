import { expect, test } from 'vitest';
import { type LocalCommand, startLocally } from './local-command.ts';

const limits = { memoryMb: 512, cpuSeconds: 60 };
async function run(command: Pick<LocalCommand, 'command' | 'args'> & Partial<LocalCommand>, given = '') {
  const { stdin, stderr, ended } = startLocally({ limits, signal: new AbortController().signal, ...command });
  stdin.end(given);
  let said = '';
  for await (const chunk of stderr) said += String(chunk);
  return { end: await ended, said };
}

test('arguments and input reach a program as they are, and nothing of our environment does', async () => {
  process.env['TW_SECRET_OF_OURS'] = 'x';
  const echoed = await run(
    { command: 'sh', args: ['-c', 'cat >&2; printf "[%s]" "$@" >&2; env >&2', 'sh', 'a b', '$HOME', "it's"], env: { OWN: 'y' } },
    'given ',
  );
  delete process.env['TW_SECRET_OF_OURS'];
  expect(echoed.end).toBe(0);
  expect(echoed.said).toMatch(/^given \[a b\]\[\$HOME\]\[it's\]/);
  expect(echoed.said).toContain('OWN=y');
  expect(echoed.said).not.toContain('TW_SECRET_OF_OURS');
});

test('its end is told: a code, a program that is missing, a signal', async () => {
  expect((await run({ command: 'sh', args: ['-c', 'exit 3'] })).end).toBe(3);
  expect((await run({ command: 'no-such-program', args: [] })).end).toBe('missing');
  expect((await run({ command: 'sh', args: ['-c', 'kill -TERM $$'] })).end).toBe('signal SIGTERM');
});

test('a program that never ends is ended by the kernel, or with the signal of its step', async () => {
  const endless = { command: 'sh', args: ['-c', 'while :; do :; done'] };
  expect((await run({ ...endless, limits: { ...limits, cpuSeconds: 1 } })).end).toBe('out of time');
  const stop = new AbortController();
  const stopped = run({ ...endless, signal: stop.signal });
  stop.abort(new Error('cancelled'));
  await expect(stopped).rejects.toThrow('cancelled');
});

// Elsewhere the kernel keeps no bound of that kind.
test.runIf(process.platform === 'linux')('it cannot take more memory than it is given', async () => {
  const { end } = await run({ limits: { ...limits, memoryMb: 64 }, command: 'awk', args: ['BEGIN { s = "x"; while (length(s) < 2e9) s = s s }'] });
  expect(end).not.toBe(0);
});

import { mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { originOf } from './context.ts';
import { credentialsPath, forgetServer, readCredentials, rememberServer } from './credentials.ts';

beforeEach(async () => {
  process.env.XDG_CONFIG_HOME = await mkdtemp(path.join(tmpdir(), 'tidewheel-config-'));
});

test('tokens of several servers are kept in one file that only its owner can read', async () => {
  await rememberServer('https://a.example', { token: 'ta' });
  await rememberServer('https://b.example', { token: 'tb' });
  expect(await readCredentials()).toEqual({
    current: 'https://b.example',
    servers: { 'https://a.example': { token: 'ta' }, 'https://b.example': { token: 'tb' } },
  });
  expect((await stat(credentialsPath())).mode & 0o777).toBe(0o600);
  await forgetServer('https://b.example');
  expect(await readCredentials()).toEqual({ current: 'https://a.example', servers: { 'https://a.example': { token: 'ta' } } });
  expect(await readdir(path.dirname(credentialsPath()))).toEqual(['credentials.json']);
});

test('a damaged file is named, not thrown away', async () => {
  await rememberServer('https://a.example', { token: 'ta' });
  await writeFile(credentialsPath(), '{"servers":');
  await expect(readCredentials()).rejects.toMatchObject({ code: 'credentials.damaged', message: expect.stringContaining('credentials.json') });
});

test('addresses as people paste them', () => {
  expect(['https://T.example/runs?x', 'localhost:8080', '127.0.0.1:9', 'tidewheel.example.org', undefined].map(originOf)).toEqual([
    'https://t.example',
    'http://localhost:8080',
    'http://127.0.0.1:9',
    'https://tidewheel.example.org',
    null,
  ]);
  expect(() => originOf('http://')).toThrow('is not the address of a server');
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { redactor } from '../base/redactor.ts';
import { readSettings } from '../base/settings.ts';
import { withSecretFiles } from './secret-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tw-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(text: string): Promise<string> {
  const name = path.join(folder, Math.random().toString(36).slice(2));
  await writeFile(name, text);
  return name;
}

it('the keys of the object store, the database and the master keys come from files as from the environment', async () => {
  const settings = readSettings(
    await withSecretFiles({
      TIDEWHEEL_S3_BUCKET: 'b',
      TIDEWHEEL_S3_ACCESS_KEY_FILE: await file('AKID\n'),
      TIDEWHEEL_S3_SECRET_KEY_FILE: await file('secret-of-the-store\n'),
      TIDEWHEEL_MASTER_KEY_FILE: await file(`${Buffer.alloc(32, 1).toString('base64')}\n`),
      TIDEWHEEL_FORMER_MASTER_KEYS: `${Buffer.alloc(32, 2).toString('base64')},${Buffer.alloc(32, 3).toString('base64')}`,
      DATABASE_URL_FILE: await file('postgres://a:b@h/d'),
    }),
  );
  expect(settings.s3).toMatchObject({ accessKey: 'AKID', secretKey: 'secret-of-the-store' });
  expect(settings).toMatchObject({ masterKey: Buffer.alloc(32, 1).toString('base64'), databaseUrl: 'postgres://a:b@h/d' });
  expect(settings.formerMasterKeys).toHaveLength(2);
  expect(redactor.text('refused: secret-of-the-store')).toBe('refused: [redacted]');
});

it('a file that is missing and a setting that is given twice are named, without its value', async () => {
  await expect(withSecretFiles({ TIDEWHEEL_MASTER_KEY_FILE: '/nowhere/at/all' })).rejects.toMatchObject({
    code: 'settings.secret_file',
    message: expect.stringContaining('ENOENT'),
  });
  const twice = await withSecretFiles({ TIDEWHEEL_S3_SECRET_KEY: 'given-already', TIDEWHEEL_S3_SECRET_KEY_FILE: await file('again') }).catch(
    (thrown: Error) => thrown,
  );
  expect(twice).toMatchObject({ code: 'settings.twice' });
  expect((twice as Error).message).not.toContain('given-already');
});

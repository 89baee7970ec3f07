import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redactor } from '../base/redactor.ts';
import { readFormerKeys, readMasterKey } from './master-key.ts';

let dataFolder: string;
beforeEach(async () => {
  dataFolder = path.join(await mkdtemp(path.join(tmpdir(), 'tw-key-')), 'data');
});
afterEach(() => rm(path.dirname(dataFolder), { recursive: true, force: true }));

describe('the master key', () => {
  it('is made once, private to its owner, the same for starters at once and ever after', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => readMasterKey({ dataFolder, masterKey: undefined })));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(keys[0]).toHaveLength(32);
    expect((await stat(path.join(dataFolder, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataFolder)).toEqual(['master.key']);
    expect(await readMasterKey({ dataFolder, masterKey: undefined })).toEqual(keys[0]);
  });
  it('is taken from the setting, with or without padding, and then no file is made', async () => {
    const text = Buffer.alloc(32, 9).toString('base64');
    expect(await readMasterKey({ dataFolder, masterKey: text })).toEqual(Buffer.alloc(32, 9));
    expect(await readMasterKey({ dataFolder, masterKey: text.replace('=', '') })).toEqual(Buffer.alloc(32, 9));
    await expect(stat(dataFolder)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(redactor.text(`key ${text}`)).not.toContain(text);
  });
  it.each(['', 'short', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64'), `${'!'.repeat(44)}`, Buffer.alloc(32, 200).toString('hex')])(
    'refuses %j without repeating it',
    async (masterKey) => {
      const failure = await readMasterKey({ dataFolder, masterKey }).catch((thrown: Error) => thrown);
      expect(failure).toMatchObject({ code: 'settings.master_key' });
      if (masterKey) expect((failure as Error).message).not.toContain(masterKey);
    },
  );
  it('refuses a file that others may read, and one that is cut short', async () => {
    await readMasterKey({ dataFolder, masterKey: undefined });
    const file = path.join(dataFolder, 'master.key');
    await chmod(file, 0o640);
    await expect(readMasterKey({ dataFolder, masterKey: undefined })).rejects.toMatchObject({
      code: 'settings.master_key_open',
      hint: expect.stringContaining('chmod 600'),
    });
    await chmod(file, 0o600);
    await writeFile(file, (await readFile(file)).subarray(0, 20));
    await expect(readMasterKey({ dataFolder, masterKey: undefined })).rejects.toMatchObject({ code: 'settings.master_key' });
  });
  it('of before are read from the setting, else line by line from a private file; without either there are none', async () => {
    const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const texts = [one, two].map((key) => key.toString('base64'));
    expect(await readFormerKeys({ dataFolder, formerMasterKeys: [] })).toEqual([]);
    expect(await readFormerKeys({ dataFolder, formerMasterKeys: texts })).toEqual([one, two]);
    await mkdir(dataFolder, { recursive: true });
    await writeFile(path.join(dataFolder, 'former-master.keys'), `${texts.join('\n')}\n`, { mode: 0o600 });
    expect(await readFormerKeys({ dataFolder, formerMasterKeys: [] })).toEqual([one, two]);
    await chmod(path.join(dataFolder, 'former-master.keys'), 0o644);
    await expect(readFormerKeys({ dataFolder, formerMasterKeys: [] })).rejects.toMatchObject({ code: 'settings.master_key_open' });
    await expect(readFormerKeys({ dataFolder, formerMasterKeys: ['short'] })).rejects.toMatchObject({ code: 'settings.master_key' });
  });
});

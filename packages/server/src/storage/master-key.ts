// The installation's master key: from TIDEWHEEL_MASTER_KEY, else from a file in the data folder that the first start makes.
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import { keyLength } from '../base/aead.ts';
import { redactor } from '../base/redactor.ts';
import type { Settings } from '../base/settings.ts';

/** @throws InvalidInput for a malformed key, Conflict for a key file that others may read */
export async function readMasterKey(settings: Pick<Settings, 'masterKey' | 'dataFolder'>): Promise<Buffer> {
  const given = settings.masterKey;
  return watched(given === undefined ? await keyFromFile(path.join(settings.dataFolder, 'master.key')) : parseKey(given, 'TIDEWHEEL_MASTER_KEY'));
}

/** Master keys of before: from TIDEWHEEL_FORMER_MASTER_KEYS, else from the file former-master.keys in the data folder, one in a line. @throws as readMasterKey */
export async function readFormerKeys(settings: Pick<Settings, 'formerMasterKeys' | 'dataFolder'>): Promise<Buffer[]> {
  const file = path.join(settings.dataFolder, 'former-master.keys');
  const [texts, where] =
    settings.formerMasterKeys.length > 0 ? [settings.formerMasterKeys, 'TIDEWHEEL_FORMER_MASTER_KEYS'] : [linesOf(await readPrivate(file)), file];
  return texts.map((text) => watched(parseKey(text, where)));
}

function linesOf(text = ''): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function watched(key: Buffer): Buffer {
  redactor.watch([key.toString('base64'), key.toString('hex')]);
  return key;
}

function parseKey(text: string, where: string): Buffer {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  if (key.length === keyLength && key.toString('base64').replace(/=+$/, '') === trimmed.replace(/=+$/, '')) return key;
  throw new InvalidInput('settings.master_key', `${where} does not hold a master key.`, {
    hint: 'A master key is 32 bytes in base64 (44 characters); `openssl rand -base64 32` makes one. A key that is lost cannot be made again: restore it from a backup.',
  });
}

async function keyFromFile(file: string): Promise<Buffer> {
  const found = await readPrivate(file);
  if (found !== undefined) return parseKey(found, file);
  await makeKeyFile(file);
  return parseKey((await readPrivate(file)) ?? '', file);
}

async function readPrivate(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return undefined;
    throw new Conflict('settings.master_key', `The master key ${file} cannot be read (${thrown.code}).`, {
      hint: 'Start Tidewheel as the user that owns the data folder.',
      cause: thrown,
    });
  });
  if (!handle) return undefined;
  try {
    if (((await handle.stat()).mode & 0o077) !== 0)
      throw new Conflict('settings.master_key_open', `Others may read the master key ${file}.`, {
        hint: `Run chmod 600 ${file}, and think about who may have read it.`,
      });
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

// Written aside, then linked: of two first starts at once one wins, and neither sees half a key.
async function makeKeyFile(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(aside, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(keyLength).toString('base64')}\n`);
    await handle.sync();
    await link(aside, file).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== 'EEXIST') throw thrown;
    });
  } finally {
    await handle.close();
    await rm(aside, { force: true });
  }
}

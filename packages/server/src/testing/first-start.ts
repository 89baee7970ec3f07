// The data folder of a product that started once and stopped in order, for others to begin on.
import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

/** Set-up and tests are different processes: the second inherits the environment of the first. */
const variable = 'TIDEWHEEL_TEST_FIRST_START';

export function offerFirstStart(dataFolder: string): void {
  process.env[variable] = dataFolder;
}

/** Copies it into the empty folder, owners included (as root Postgres' files are another user's). @returns false without one: the folder stays empty */
export async function copyFirstStart(folder: string): Promise<boolean> {
  const from = process.env[variable];
  if (from === undefined) return false;
  await promisify(execFile)('cp', ['-a', '--reflink=auto', `${from}/.`, folder]);
  const logs = path.join(folder, 'logs');
  for (const name of await readdir(logs)) await rm(path.join(logs, name));
  return true;
}

/** The demo's connections name the folder they were made in: those of a copy that runs are to name its own. */
export async function moveDemo(folder: string): Promise<void> {
  const password = (await readFile(path.join(folder, 'postgres.password'), 'utf8')).trim();
  const client = new pg.Client({ host: path.join(folder, 'postgres', 'run'), user: 'tidewheel', database: 'tidewheel', password });
  await client.connect();
  try {
    await client.query(`update connection set config = jsonb_set(config, '{root}', to_jsonb(replace(config ->> 'root', $1, $2)))`, [
      process.env[variable],
      folder,
    ]);
  } finally {
    await client.end();
  }
}

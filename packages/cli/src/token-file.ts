// The token that a server leaves for people on its own machine at its first start: `cli-token.json`, mode 0600, in its data folder.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import { hasCode } from './file-error.ts';

export interface LocalToken {
  origin: string;
  token: string;
  file: string;
}

/** Folders in which a server of this machine may keep its data, the likeliest first. */
export function dataFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  return env.TIDEWHEEL_DATA ? [path.resolve(env.TIDEWHEEL_DATA)] : [path.join(homedir(), '.tidewheel')];
}

/** The first token file found; null when there is none. @throws InvalidInput when there is one that cannot be used */
export async function findLocalToken(folders: string[]): Promise<LocalToken | null> {
  for (const folder of folders) {
    const file = path.join(folder, 'cli-token.json');
    const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
      if (hasCode(thrown, 'ENOENT', 'ENOTDIR')) return null;
      throw new InvalidInput('cli.token_file', `Cannot read ${file}`, {
        hint: 'It belongs to the user who runs the server: sign in as that user, or with --url and your password.',
        cause: thrown,
      });
    });
    if (text !== null) return { ...parse(text, file), file };
  }
  return null;
}

function parse(text: string, file: string): { origin: string; token: string } {
  try {
    const { origin, token } = JSON.parse(text) as { origin?: unknown; token?: unknown };
    if (typeof origin === 'string' && typeof token === 'string') return { origin, token };
  } catch {
    // Said below, as for any other content that is no token.
  }
  throw new InvalidInput('cli.token_file', `${file} does not hold a token`, { hint: 'Restart the server, which writes it anew, or sign in with --url.' });
}

// The local operator: whoever may read the data folder of this machine works the command line as an administrator without signing in.
// The file protects no less than the master key beside it, and it is there before any person has an account.
import { chmod, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { newId } from '../../base/ids.ts';
import { insertApiToken, revokeApiTokens } from './api-tokens.store.ts';
import { type CredentialPool, ensureLocalOperator, findApiTokenHolder, type IdentityDb } from './identity.store.ts';
import { hashToken, newApiToken, prefixOf } from './tokens.ts';

export const localTokenFile = 'cli-token.json';
const localEmail = 'operator@localhost';

const TokenFile = z.object({ origin: z.string(), token: z.string() });

/** Writes `{ origin, token }`, mode 0600. A token that still works is kept, so that a running client survives a restart. @returns the file's path */
export async function writeLocalToken(
  { db, pool }: { db: IdentityDb; pool: CredentialPool },
  { workspaceId, dataFolder, origin }: { workspaceId: string; dataFolder: string; origin: string },
): Promise<string> {
  const file = path.join(dataFolder, localTokenFile);
  const token = (await workingToken(pool, file)) ?? (await issueToken(db, workspaceId));
  await writePrivately(file, `${JSON.stringify({ origin, token })}\n`);
  return file;
}

async function workingToken(pool: CredentialPool, file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const parsed = TokenFile.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const holder = await findApiTokenHolder(pool, hashToken(parsed.data.token));
  return holder?.email === localEmail ? parsed.data.token : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half a file after a full disk: as good as none.
    return undefined;
  }
}

async function issueToken(db: IdentityDb, workspaceId: string): Promise<string> {
  const token = newApiToken();
  await db.transaction().execute(async (trx) => {
    const userId = await ensureLocalOperator(trx, { id: newId(), email: localEmail });
    await revokeApiTokens(trx, { workspaceId, userId });
    await insertApiToken(trx, {
      workspaceId,
      id: newId(),
      userId,
      title: 'Command line on this machine',
      tokenHash: hashToken(token),
      prefix: prefixOf(token),
      expiresAt: null,
    });
  });
  return token;
}

/** Never readable by others, not even for the moment between making and closing it. */
async function writePrivately(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await chmod(file, 0o600);
}

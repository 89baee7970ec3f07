// Identity as the rest of the server sees it.
import { Bug } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import type { Call, Endpoint } from '../../base/endpoint.ts';
import type { Logger } from '../../base/logger.ts';
import type { Databases } from '../../storage/database.ts';
import { createAccessTokens } from './access-token.ts';
import { createAccounts } from './accounts.ts';
import { createAttempts } from './attempts.store.ts';
import { authenticate } from './authenticate.ts';
import { identityEndpoints } from './identity.routes.ts';
import { findMainWorkspace, forgetExpired } from './identity.store.ts';
import { makeFirstLink } from './links.service.ts';
import { writeLocalToken } from './local-token.ts';
import type { Mailer } from './mailer-port.ts';

export interface Identity {
  /** The path of a one-time link while the installation has no administrator, else null. Each call voids the links before it. */
  firstLink(): Promise<string | null>;
  /** The actor behind the session cookie or `Authorization: Bearer …`; null when neither is there and valid. */
  authenticate(call: Pick<Call, 'headers' | 'cookie'>): Promise<Actor | null>;
  /** Leaves `cli-token.json` (0600) in the data folder, with which the command line on this machine acts as an administrator. @returns its path */
  localToken(options: { dataFolder: string; origin: string }): Promise<string>;
  endpoints: Endpoint[];
}

/** The engine role's pool serves it: a caller is looked up before a workspace is known. */
export async function createIdentity({
  databases,
  mailer,
  masterKey,
  log,
}: {
  databases: Databases;
  mailer: Mailer;
  masterKey: Buffer;
  log: Logger;
}): Promise<Identity> {
  const { engine: db, enginePool: pool } = databases;
  const accounts = createAccounts({ db, log });
  const attempts = createAttempts(db);
  const accessTokens = createAccessTokens(masterKey);
  const mainWorkspace = async (): Promise<string> => {
    const id = await findMainWorkspace(db);
    if (id === undefined) throw new Bug('identity.workspace', 'There is no workspace; the database was not prepared.');
    return id;
  };
  await forgetExpired(db);
  return {
    firstLink: async () => makeFirstLink(db, await mainWorkspace()),
    authenticate: (call) => authenticate({ db, pool, accessTokens, log }, call),
    localToken: async ({ dataFolder, origin }) => writeLocalToken({ db, pool }, { workspaceId: await mainWorkspace(), dataFolder, origin }),
    endpoints: identityEndpoints({ db, pool, accounts, attempts, mailer, accessTokens, masterKey, log }),
  };
}

// Joins the slices to one running server, in the roles that the settings name.
import type { Actor } from '../base/actor.ts';
import type { Call, Endpoint } from '../base/endpoint.ts';
import type { Logger } from '../base/logger.ts';
import type { Settings } from '../base/settings.ts';
import { createVault } from '../platform/vault/vault.service.ts';
import type { DataFolder } from './data-folder.ts';
import { type Foundation, layFoundation } from './foundation.ts';
import { createHttp } from './http/mount.ts';

export interface RunningServer {
  /** Where the API answers; null when this process has no api role. */
  origin: string | null;
  /** The one-time link of the first administrator, while there is none. */
  firstLink: string | null;
  foundation: Foundation;
  /** Takes no new work, lets what runs end, then closes everything in order. */
  stop(): Promise<void>;
}

export interface StartOptions {
  settings: Settings;
  folder: DataFolder;
  log: Logger;
  /** Take the next free port when the settings' one is taken. */
  orAnyPort?: boolean;
}

/** @throws AppError that a person at the terminal can act on; nothing is left running then */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const closers = new AsyncDisposableStack();
  try {
    return await compose(options, closers);
  } catch (error) {
    await closers.disposeAsync();
    throw error;
  }
}

async function compose({ settings, folder, log, orAnyPort = false }: StartOptions, closers: AsyncDisposableStack): Promise<RunningServer> {
  const foundation = await layFoundation({ settings, folder, log, closers });
  const vault = createVault(foundation);
  await vault.assertKey();
  const endpoints: Endpoint[] = [];
  const authenticate = async (_call: Call): Promise<Actor | null> => null;
  let origin: string | null = null;
  if (settings.roles.has('api')) {
    const http = await createHttp({ endpoints, authenticate, settings, log, webDist: settings.webDist });
    closers.defer(() => http.close());
    ({ origin } = await http.listen({ orAnyPort }));
  }
  return { origin, firstLink: null, foundation, stop: () => closers.disposeAsync() };
}

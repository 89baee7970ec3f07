// Vitest's global set-up of the journeys: what every first start makes (database, schema, demo) is made once, and each product begins on a copy; the pages are built.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { offerFirstStart } from './first-start.ts';
import { startTestServer } from './server.ts';

/** Files that find it stale at the same time would each build it, and break one another's. What it says of a failure, the first journey in a browser says again. */
async function buildWeb(): Promise<void> {
  const script = new URL('../../../../scripts/build-web.mjs', import.meta.url).href;
  await ((await import(script)) as { ensureWebBuilt(node: string): Promise<boolean> }).ensureWebBuilt(process.execPath);
}

export default async function setUp(): Promise<() => Promise<void>> {
  await buildWeb();
  const server = await startTestServer();
  await server.stop({ keepData: true });
  // A database elsewhere, because its user cannot reach the temporary folder, is not in the copy: there each product makes its own.
  if (existsSync(path.join(server.dataFolder, 'postgres', 'data'))) offerFirstStart(server.dataFolder);
  return () => rm(server.dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

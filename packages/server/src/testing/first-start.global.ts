// Vitest's global set-up of the journeys: what every first start makes (database, schema, demo) is made once, and each product begins on a copy.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { offerFirstStart } from './first-start.ts';
import { startTestServer } from './server.ts';

export default async function setUp(): Promise<() => Promise<void>> {
  const server = await startTestServer();
  await server.stop({ keepData: true });
  // A database elsewhere, because its user cannot reach the temporary folder, is not in the copy: there each product makes its own.
  if (existsSync(path.join(server.dataFolder, 'postgres', 'data'))) offerFirstStart(server.dataFolder);
  return () => rm(server.dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

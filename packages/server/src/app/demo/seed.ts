// Gives a new installation something to run: two folder connections and three flows.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@tidewheel/contract/errors';
import type { Logger } from '../../base/logger.ts';
import { demoFlows, placeDemoFiles } from './demo-files.ts';

/** What seeding needs of the services, for one workspace. `known` is also true of what was archived: what a person put away stays away. */
export interface DemoServices {
  connections: { known(slug: string): Promise<boolean>; create(connection: DemoConnection): Promise<unknown> };
  flows: { known(slug: string): Promise<boolean>; apply(source: string): Promise<unknown> };
}
export interface DemoConnection {
  slug: string;
  title: string;
  type: 'folder';
  config: { root: string; readOnly: boolean };
}
export interface Seeded {
  connections: string[];
  flows: string[];
}

/**
 * Makes what is missing and touches nothing that is there, so it may run at every start.
 * An installation that does not allow the demo's folders (TIDEWHEEL_FOLDERS) goes without the demo; the log says so.
 */
export async function seedDemo({ dataFolder, services, log }: { dataFolder: string; services: DemoServices; log: Logger }): Promise<Seeded> {
  const missing = await missingFlows(services);
  const seeded: Seeded = { connections: [], flows: [] };
  if (missing.length === 0) return seeded;
  try {
    const data = path.join(dataFolder, 'demo');
    const outbox = path.join(dataFolder, 'files', 'outbox');
    await placeDemoFiles(data);
    await mkdir(outbox, { recursive: true, mode: 0o700 });
    seeded.connections = await createConnections(services, [
      { slug: 'demo-data', title: 'Demo data', type: 'folder', config: { root: data, readOnly: true } },
      { slug: 'demo-outbox', title: 'Demo outbox', type: 'folder', config: { root: outbox, readOnly: false } },
    ]);
    for (const [slug, file] of missing) {
      await services.flows.apply(await readFile(file, 'utf8'));
      seeded.flows.push(slug);
    }
    log.info(seeded, 'Made the demo flows.');
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    log.warn({ code: error.code, hint: error.hint, ...seeded }, `The demo flows are not complete: ${error.message}`);
  }
  return seeded;
}

async function missingFlows({ flows }: DemoServices): Promise<[string, string][]> {
  const missing: [string, string][] = [];
  for (const [slug, file] of Object.entries(demoFlows)) if (!(await flows.known(slug))) missing.push([slug, file]);
  return missing;
}

async function createConnections({ connections }: DemoServices, wanted: DemoConnection[]): Promise<string[]> {
  const created: string[] = [];
  for (const connection of wanted) {
    if (await connections.known(connection.slug)) continue;
    await connections.create(connection);
    created.push(connection.slug);
  }
  return created;
}

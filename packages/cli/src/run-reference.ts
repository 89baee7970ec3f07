// A run as people name it: its id, its number, or `latest`.
import type { Client } from '@tidewheel/client/client';
import { listRuns } from '@tidewheel/client/routes';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** Numbers are found by paging back from the newest; older runs are named by id. */
const pagesBack = 20;

export const runArgument = 'id or number of the run, or "latest"';

/** The id of a run. @throws InvalidInput, NotFound */
export async function resolveRun(client: Client, reference: string): Promise<string> {
  if (uuid.test(reference)) return reference;
  if (reference === 'latest') return latestRun(client);
  if (/^#?\d+$/.test(reference)) return runByNumber(client, Number(reference.replace('#', '')));
  throw new InvalidInput('run.reference', `"${reference}" names no run`, { hint: 'Give the id or the number that `tidewheel run list` shows, or "latest".' });
}

async function latestRun(client: Client): Promise<string> {
  const [newest] = (await client.call(listRuns, { query: { limit: 1 } })).items;
  if (!newest) throw new NotFound('run.none', 'There are no runs yet.', { hint: 'Start one with `tidewheel run start <flow>`.' });
  return newest.id;
}

async function runByNumber(client: Client, wanted: number): Promise<string> {
  let cursor: string | undefined;
  for (let page = 0; page < pagesBack; page++) {
    const { items, next } = await client.call(listRuns, { query: { limit: 200, cursor } });
    const found = items.find(({ number }) => number === wanted);
    if (found) return found.id;
    const oldest = items.at(-1)?.number ?? 0;
    if (next === null || oldest < wanted) break;
    cursor = next;
  }
  throw new NotFound('run.unknown', `There is no run ${wanted} that you can see among the recent ones.`, {
    hint: 'See `tidewheel run list`; older runs are named by id.',
  });
}

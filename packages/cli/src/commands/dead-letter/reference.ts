// A dead letter as people name it: by the id or number of the run that failed, the first or the newest one.
import type { Client } from '@tidewheel/client/client';
import { listDeadLetters } from '@tidewheel/client/routes';
import { resolveRun } from '../../run-reference.ts';

export async function resolveLetter(client: Client, reference: string): Promise<string> {
  const run = await resolveRun(client, reference);
  const { items } = await client.call(listDeadLetters, { query: { limit: 200 } });
  return items.find((letter) => letter.run === run)?.id ?? run;
}

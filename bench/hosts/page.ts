// What somebody's open pages ask while a job runs on all hosts: its run, the items of its step, the list of hosts.
import type { Client } from '../../packages/client/src/client.ts';
import { compareItems, listRuns, listTargets, showRun } from '../../packages/client/src/routes.ts';

export interface Page {
  name: string;
  ask(run: string): Promise<unknown>;
}

export function pagesOf(client: Client): Page[] {
  return [
    { name: 'the run', ask: (id) => client.call(showRun, { params: { id } }) },
    { name: 'its items', ask: (parent) => client.call(listRuns, { query: { parent, step: 'uptime', limit: 100 } }) },
    { name: 'what they said, compared', ask: (id) => client.call(compareItems, { params: { id, step: 'uptime' }, query: { field: 'exitCode' } }) },
    { name: 'the hosts', ask: () => client.call(listTargets, { query: { limit: 100 } }) },
  ];
}

/** All of them, again and again, until it is over. @returns how long each answer took, by page, in milliseconds */
export async function browse(pages: Page[], { run, until }: { run: string; until(): Promise<boolean> }): Promise<Map<string, number[]>> {
  const waits = new Map(pages.map(({ name }) => [name, [] as number[]]));
  do {
    for (const { name, ask } of pages) {
      const began = performance.now();
      await ask(run);
      waits.get(name)?.push(performance.now() - began);
    }
  } while (!(await until()));
  return waits;
}

// A running product with a folder that flows may read, for the journeys of bad input: each fault is met through the API and the command line.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Client, createClient } from '@tidewheel/client/client';
import { applyFlow, createConnection, showRun, startRun } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import { AppError } from '@tidewheel/contract/errors';
import type { Run } from '@tidewheel/contract/run';
import { expect } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../../packages/server/src/testing/server.ts';

export interface Product {
  server: TestServer;
  client: Client;
  shell: Shell;
  /** The root of the connection `inbox`. */
  inbox: string;
  stop(): Promise<void>;
}

export async function startProduct(options: TestServerOptions = {}): Promise<Product> {
  const server = await startTestServer(options);
  const shell = await openShell({ TIDEWHEEL_DATA: server.dataFolder });
  const client = await localClient(server);
  // Below `files`, where folder connections may be unless an administrator says otherwise.
  const inbox = path.join(server.dataFolder, 'files', 'inbox');
  await mkdir(inbox, { recursive: true });
  await client.call(createConnection, { body: { slug: 'inbox', title: 'Inbox', type: 'folder', config: { root: inbox } } });
  expect(await shell.tidewheel(['login'])).toMatchObject({ code: 0 });
  return { server, client, shell, inbox, stop: () => server.stop() };
}

/** A client with the token that the server left for its own machine. */
export async function localClient(server: TestServer): Promise<Client> {
  const { origin, token } = JSON.parse(await readFile(path.join(server.dataFolder, 'cli-token.json'), 'utf8')) as { origin: string; token: string };
  return createClient({ origin, token });
}

export async function apply(client: Client, source: string): Promise<void> {
  await client.call(applyFlow, { body: { source } });
}

export async function start(client: Client, slug: string, parameters: Record<string, unknown> = {}): Promise<string> {
  return (await client.call(startRun, { params: { slug }, body: { parameters } })).id;
}

/** Asks until the run has ended, over any outage of the server. */
export async function untilEnded(client: Client, id: string, withinMs = 180_000): Promise<Run> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const run = await client.call(showRun, { params: { id } }).catch((thrown: unknown) => {
      if (thrown instanceof AppError && thrown.status >= 500) return null;
      throw thrown;
    });
    if (run && isFinal(run.state)) return run;
    if (Date.now() > deadline)
      expect.fail(`run ${id} did not end within ${withinMs} ms: ${JSON.stringify(run?.steps.map(({ step, state, reason }) => ({ step, state, reason })))}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A flow that reads one file of the inbox and writes it as CSV. */
export function readingFlow(slug: string, read: string): string {
  return `flow: ${slug}
title: Reads one file
steps:
  rows:
    use: table.read
    with: { connection: inbox, ${read} }
  out:
    use: table.write
    from: rows
    with: { name: out.csv, format: csv }
`;
}

/** Applies and runs it to its end. */
export async function runFlow(client: Client, slug: string, source: string): Promise<Run> {
  await apply(client, source);
  return untilEnded(client, await start(client, slug));
}

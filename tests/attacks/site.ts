// The product as an attacker meets it: two workspaces with something of everything, a member of each, an outsider, and raw sockets.
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { expect } from 'vitest';
import { Visitor } from '../../packages/server/src/platform/identity/testing/visitor.ts';
import { startTestServer, type TestServer } from '../../packages/server/src/testing/server.ts';

export interface Operation {
  operationId: string;
  method: string;
  path: string;
  parameters: { name: string; in: string; required: boolean; schema: Record<string, unknown> }[];
}

export interface Site {
  server: TestServer;
  /** Administrator of the installation, as the command line of its machine. */
  token: string;
  /** As the administrator, in the main workspace or another. */
  ask(method: string, address: string, body?: unknown, workspace?: string): Promise<Answer>;
  /** A member of one workspace alone, signed in with a cookie. */
  member(options: { email: string; role: string; workspace?: string }): Promise<Visitor>;
  operations(): Promise<Operation[]>;
  /** What a socket gets back for bytes that no HTTP client would send. */
  raw(bytes: string | Buffer, options?: { waitMs?: number }): Promise<string>;
  stop(): Promise<void>;
}
export interface Answer {
  status: number;
  body: Record<string, unknown>;
  text: string;
}

export const password = 'correct horse battery staple';

/** No rate limits: they are tested elsewhere, and attackers who wait are not stopped by them. */
export async function startSite(environment: Record<string, string> = {}): Promise<Site> {
  const server = await startTestServer({ environment: { TIDEWHEEL_EGRESS_ALLOW: '', ...environment } });
  const { token } = JSON.parse(await readFile(path.join(server.dataFolder, 'cli-token.json'), 'utf8')) as { token: string };
  const ask = (method: string, address: string, body?: unknown, workspace?: string) => askAs(server.origin, { token, method, address, body, workspace });
  return {
    server,
    token,
    ask,
    async member({ email, role, workspace }) {
      const invited = await ask('POST', '/api/invitations', { email, role }, workspace);
      expect(invited.status, invited.text).toBe(201);
      const visitor = new Visitor(server.origin);
      const made = await visitor.call('POST', `/api/auth/links/${String(invited.body['link']).split('/').at(-1)}`, { email, name: email, password });
      expect(made.status).toBe(201);
      return visitor;
    },
    operations: () => readOperations(server.origin),
    raw: (bytes, { waitMs = 3_000 } = {}) => sendRaw(server.origin, bytes, waitMs),
    stop: () => server.stop(),
  };
}

interface Asking {
  token: string;
  method: string;
  address: string;
  body: unknown;
  workspace: string | undefined;
}

async function askAs(origin: string, { token, method, address, body, workspace }: Asking): Promise<Answer> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (workspace !== undefined) headers['tidewheel-workspace'] = workspace;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const answer = await fetch(origin + address, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, text, body: parsed(text) };
}

export function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function readOperations(origin: string): Promise<Operation[]> {
  const { paths } = (await (await fetch(`${origin}/api/openapi.json`)).json()) as { paths: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>> };
  return Object.entries(paths).flatMap(([address, item]) =>
    Object.entries(item).map(([method, operation]) => ({ ...operation, parameters: operation.parameters ?? [], method: method.toUpperCase(), path: address })),
  );
}

function sendRaw(origin: string, bytes: string | Buffer, waitMs: number): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const end = setTimeout(() => socket.destroy(), waitMs);
    socket.on('data', (chunk) => {
      got += chunk.toString();
    });
    socket.on('error', () => resolve(got));
    socket.on('close', () => {
      clearTimeout(end);
      resolve(got);
    });
  });
}

/** No look inside: neither a trace, nor a statement, nor a path of the server. */
export const internals = /node_modules|\bat .+\.ts:\d|postgres:\/\/|\bpg_|syntax error at|relation "|violates|ECONN|invalid input syntax|\/root\//;

export function expectRefused(answer: Answer, codes: number[]): void {
  expect(codes, answer.text).toContain(answer.status);
  expect(answer.text).not.toMatch(internals);
}

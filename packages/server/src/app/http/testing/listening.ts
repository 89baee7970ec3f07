// A really listening server for tests, with what its log said.
import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Actor } from '../../../base/actor.ts';
import { createHttp, type HttpOptions } from '../mount.ts';

export interface Listening {
  /** As people reach it: the public address where one is set. */
  origin: string;
  /** Where it really listens. */
  listening: string;
  /** Every log line so far. */
  logged(): string;
  close(): Promise<void>;
}

export function captureLog() {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { log: pino({ level: 'debug' }, sink), logged: () => lines.join('') };
}

export async function listenFor(options: Partial<HttpOptions> & Pick<HttpOptions, 'endpoints'>): Promise<Listening> {
  const { log, logged } = captureLog();
  const http = await createHttp({ authenticate: async () => null, settings: { host: '127.0.0.1', port: 0, publicUrl: undefined }, log, ...options });
  const { origin } = await http.listen();
  return { origin, listening: http.listening(), logged, close: () => http.close() };
}

export const someone: Actor = {
  userId: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11',
  label: 'ada@example.com',
  workspaceId: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a12',
  role: 'viewer',
  permissions: new Set(['run.read', 'artifact.read', 'flow.read']),
};

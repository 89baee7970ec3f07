// What the connectors of databases share: a test that signs in and asks, and a pool of sessions.
import type { TestResult } from '@tidewheel/contract/routes/connections';
import type { Reach } from '@tidewheel/kit/define-connector';
import type { SqlSession } from '@tidewheel/kit/sql-session';
import { type PooledSession, SessionPool } from '../connectors/session-pool.ts';
import type { DatabaseConfig, DatabaseSecret } from './database-settings.ts';
import { testDatabase } from './database-test.ts';
import { requirePassword } from './sql-errors.ts';

export interface DatabaseKind<C extends Omit<DatabaseConfig, 'database'>, T extends SqlSession & PooledSession> {
  open(config: C, password: string, signal: AbortSignal): Promise<T>;
  /** Asks something that everybody may ask. @returns what the test says of it */
  probe(session: T): Promise<string>;
}

export function databaseParts<C extends Omit<DatabaseConfig, 'database'>, T extends SqlSession & PooledSession>({ open, probe }: DatabaseKind<C, T>) {
  const pool = new SessionPool<T>();
  return {
    /** For the end of a process and for tests. */
    closeIdle: () => pool.closeIdle(),
    test: ({ config, secret }: { config: C; secret: DatabaseSecret | null }, { signal }: { signal: AbortSignal }): Promise<TestResult> =>
      testDatabase({
        config,
        hasPassword: secret !== null,
        signal,
        async ask() {
          const session = await open(config, secret?.password ?? '', signal);
          try {
            return { signIn: `As ${config.user}.`, query: await probe(session) };
          } finally {
            session.close();
          }
        },
      }),
    withDatabase: <R>({ workspaceId, slug, config, secret, signal }: Reach<C, DatabaseSecret>, work: (session: SqlSession) => Promise<R>): Promise<R> => {
      const opening = (until: AbortSignal) => open(config, requirePassword(slug, secret), until);
      return pool.with({ workspaceId, slug, settings: [config, secret], size: config.poolSize, signal, open: opening }, work);
    },
  };
}

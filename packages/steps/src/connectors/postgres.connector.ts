// A PostgreSQL database.
import { type Connector, defineConnector, type Reach } from '@tidewheel/kit/define-connector';
import { z } from 'zod';
import { DatabaseSecret, databaseFields } from '../sql/database-settings.ts';
import { testDatabase } from '../sql/database-test.ts';
import { PostgresSession } from '../sql/postgres-session.ts';
import { requirePassword } from '../sql/sql-errors.ts';
import { plainText, portField } from './connection-fields.ts';
import { SessionPool } from './session-pool.ts';

export const PostgresConfig = z.strictObject({
  ...databaseFields,
  port: portField(5432),
  searchPath: z
    .array(plainText(63))
    .max(20)
    .optional()
    .meta({ title: 'Schemas', description: 'Where names without a schema are looked for, in this order. Left out: what the database has for this user.' }),
  applicationName: plainText(63).default('tidewheel').meta({ title: 'Application name', description: 'How its sessions are called in pg_stat_activity.' }),
});
type PostgresConfig = z.output<typeof PostgresConfig>;

const pool = new SessionPool<PostgresSession>();
/** For the end of a process and for tests. */
export const closeIdlePostgres = () => pool.closeIdle();

export const postgres: Connector<typeof PostgresConfig, typeof DatabaseSecret> = defineConnector({
  type: 'postgres',
  title: 'PostgreSQL',
  icon: 'database',
  description:
    'Queries and changes a PostgreSQL database (12 or newer). Sessions are pooled by each worker; a query that takes too long or is cancelled is stopped on the server.',
  config: PostgresConfig,
  secret: DatabaseSecret,
  destination: ['host', 'port', 'user', 'database', 'tls', 'ca'],
  examples: [{ title: 'A trading database', config: { host: 'db.example.com', database: 'trading', user: 'tidewheel' } }],
  test: ({ config, secret }, { signal }) =>
    testDatabase({
      config,
      hasPassword: secret !== null,
      signal,
      async ask() {
        const session = await PostgresSession.open(config, secret?.password ?? '', signal);
        try {
          const asked = await session.execute(
            { sql: 'select current_database(), current_schemas(false)::text', parameters: {}, timeoutMs: 10_000 },
            { keep: 1 },
          );
          const [database, schemas] = asked.result?.rows[0] ?? [];
          return { signIn: `As ${config.user}.`, query: `PostgreSQL ${session.version}, database ${String(database)}, schemas ${String(schemas)}.` };
        } finally {
          session.close();
        }
      },
    }),
  withDatabase: ({ workspaceId, slug, config, secret, signal }: Reach<PostgresConfig, DatabaseSecret>, work) =>
    pool.with(
      {
        workspaceId,
        slug,
        settings: [config, secret],
        size: config.poolSize,
        signal,
        open: (until) => PostgresSession.open(config, requirePassword(slug, secret), until),
      },
      work,
    ),
});

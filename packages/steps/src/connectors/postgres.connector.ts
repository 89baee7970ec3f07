// A PostgreSQL database.
import { defineConnector } from '@tidewheel/kit/define-connector';
import { z } from 'zod';
import { databaseParts } from '../sql/database-connector.ts';
import { DatabaseSecret, databaseFields } from '../sql/database-settings.ts';
import { PostgresSession } from '../sql/postgres-session.ts';
import { plainText, portField } from './connection-fields.ts';

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

const parts = databaseParts<z.output<typeof PostgresConfig>, PostgresSession>({
  open: (config, password, signal) => PostgresSession.open(config, password, signal),
  async probe(session) {
    const asked = await session.execute({ sql: 'select current_database(), current_schemas(false)::text', parameters: {}, timeoutMs: 10_000 }, { keep: 1 });
    const [database, schemas] = asked.result?.rows[0] ?? [];
    return `PostgreSQL ${session.version}, database ${String(database)}, schemas ${String(schemas)}.`;
  },
});
export const closeIdlePostgres = parts.closeIdle;

export const postgres = defineConnector({
  type: 'postgres',
  title: 'PostgreSQL',
  icon: 'database',
  description:
    'Queries and changes a PostgreSQL database (12 or newer). Sessions are pooled by each worker; a query that takes too long or is cancelled is stopped on the server.',
  config: PostgresConfig,
  secret: DatabaseSecret,
  destination: ['host', 'port', 'user', 'database', 'tls', 'ca'],
  examples: [{ title: 'A trading database', config: { host: 'db.example.com', database: 'trading', user: 'tidewheel' } }],
  test: parts.test,
  withDatabase: parts.withDatabase,
});

// A Microsoft SQL Server database.
import { defineConnector } from '@tidewheel/kit/define-connector';
import { z } from 'zod';
import { databaseParts } from '../sql/database-connector.ts';
import { DatabaseSecret, databaseFields } from '../sql/database-settings.ts';
import { SqlserverSession } from '../sql/sqlserver-session.ts';
import { portField } from './connection-fields.ts';

export const SqlserverConfig = z.strictObject({
  ...databaseFields,
  port: portField(1433),
  tls: z.enum(['verify-full', 'require', 'off']).default('verify-full').meta({
    title: 'TLS',
    description:
      'verify-full: encrypted, and the certificate must be that of this host. require: encrypted, whoever it is. off: only the sign-in is encrypted.',
  }),
});

const parts = databaseParts<z.output<typeof SqlserverConfig>, SqlserverSession>({
  open: (config, password, signal) => SqlserverSession.open(config, password, signal),
  async probe(session) {
    const { result } = await session.execute({ sql: 'select @@version, db_name()', parameters: {}, timeoutMs: 10_000 }, { keep: 1 });
    const [version, database] = result?.rows[0] ?? [];
    return `${String(version).split('\n')[0]}, database ${String(database)}.`;
  },
});

export const sqlserver = defineConnector({
  type: 'sqlserver',
  title: 'SQL Server',
  icon: 'database',
  description:
    'Queries and changes a Microsoft SQL Server database, signed in by user and password. Sessions are pooled by each worker; a query that takes too long or is cancelled is stopped on the server. Not proven on a real server: see docs/connections.md.',
  config: SqlserverConfig,
  secret: DatabaseSecret,
  destination: ['host', 'port', 'user', 'database', 'tls', 'ca'],
  examples: [{ title: 'A warehouse', config: { host: 'sql.example.com', database: 'warehouse', user: 'tidewheel' } }],
  test: parts.test,
  withDatabase: parts.withDatabase,
});

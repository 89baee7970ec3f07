// A MySQL or MariaDB database.
import { defineConnector } from '@tidewheel/kit/define-connector';
import { z } from 'zod';
import { databaseParts } from '../sql/database-connector.ts';
import { DatabaseSecret, databaseFields } from '../sql/database-settings.ts';
import { MysqlSession } from '../sql/mysql-session.ts';
import { portField } from './connection-fields.ts';

export const MysqlConfig = z.strictObject({ ...databaseFields, port: portField(3306) });

const parts = databaseParts<z.output<typeof MysqlConfig>, MysqlSession>({
  open: (config, password, signal) => MysqlSession.open(config, password, signal),
  async probe(session) {
    const { result } = await session.execute({ sql: 'select database()', parameters: {}, timeoutMs: 10_000 }, { keep: 1 });
    return `${session.version}, database ${String(result?.rows[0]?.[0])}.`;
  },
});
export const closeIdleMysql = parts.closeIdle;

export const mysql = defineConnector({
  type: 'mysql',
  title: 'MySQL or MariaDB',
  icon: 'database',
  description:
    'Queries and changes a MySQL (8 or newer) or MariaDB database. Sessions are pooled by each worker; a query that takes too long or is cancelled is stopped on the server by KILL QUERY.',
  config: MysqlConfig,
  secret: DatabaseSecret,
  destination: ['host', 'port', 'user', 'database', 'tls', 'ca'],
  examples: [{ title: 'A shop', config: { host: 'db.example.com', database: 'shop', user: 'tidewheel' } }],
  test: parts.test,
  withDatabase: parts.withDatabase,
});

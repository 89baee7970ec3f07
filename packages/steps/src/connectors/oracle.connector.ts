// An Oracle database.
import { defineConnector } from '@tidewheel/kit/define-connector';
import { z } from 'zod';
import { databaseParts } from '../sql/database-connector.ts';
import { DatabaseSecret, databaseFields } from '../sql/database-settings.ts';
import { OracleSession } from '../sql/oracle-session.ts';
import { portField } from './connection-fields.ts';

const { database: _database, ...fields } = databaseFields;

export const OracleConfig = z.strictObject({
  ...fields,
  port: portField(2484).meta({ title: 'Port', description: 'Of the listener: 2484 is usual for TLS (TCPS), 1521 without.' }),
  service: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.$#-]{0,127}$/, 'must be the name of a service, such as FREEPDB1 or orders.example.com')
    .meta({ title: 'Service', description: 'As the listener knows it. In host:port/service it is what stands last.', examples: ['FREEPDB1'] }),
});

const parts = databaseParts<z.output<typeof OracleConfig>, OracleSession>({
  open: (config, password, signal) => OracleSession.open(config, password, signal),
  async probe(session) {
    const sql = `select sys_context('userenv', 'service_name'), sys_context('userenv', 'current_schema') from dual`;
    const { result } = await session.execute({ sql, parameters: {}, timeoutMs: 10_000 }, { keep: 1 });
    const [service, schema] = result?.rows[0] ?? [];
    return `Oracle ${session.version}, service ${String(service)}, schema ${String(schema)}.`;
  },
});

export const oracle = defineConnector({
  type: 'oracle',
  title: 'Oracle',
  icon: 'database',
  description:
    'Queries and changes an Oracle database (12.1 or newer), signed in by user and password, over TLS (TCPS) or in clear. Sessions are pooled by each worker; a query that takes too long or is cancelled is stopped on the server. Not proven on a real server: see docs/connections.md.',
  config: OracleConfig,
  secret: DatabaseSecret,
  destination: ['host', 'port', 'user', 'service', 'tls', 'ca'],
  examples: [{ title: 'Quotes of a desk', config: { host: 'db.example.com', service: 'FREEPDB1', user: 'tidewheel' } }],
  test: parts.test,
  withDatabase: parts.withDatabase,
});

// The connectors that are databases, for the steps that speak SQL.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Connector } from '@tidewheel/kit/define-connector';
import type { SqlSession } from '@tidewheel/kit/sql-session';
import type { OpenConnection, StepContext } from '@tidewheel/kit/step-context';
import { mysql } from '../connectors/mysql.connector.ts';
import { oracle } from '../connectors/oracle.connector.ts';
import { postgres } from '../connectors/postgres.connector.ts';
import { sqlserver } from '../connectors/sqlserver.connector.ts';

export const databases: readonly Connector[] = [postgres, mysql, sqlserver, oracle] as unknown as readonly Connector[];

/** For `connection(…)` in the configuration of a step. */
export const databaseTypes = databases.map((connector) => connector.type).join('|');

interface Use<T> {
  connection: OpenConnection;
  work(session: SqlSession, settings: { queryTimeoutSeconds: number }): Promise<T>;
}

/** `work` with a session of an opened connection. @throws InvalidInput when the connection is no database */
export function withDatabase<T>(ctx: Pick<StepContext, 'run' | 'signal'>, { connection, work }: Use<T>): Promise<T> {
  const connector = databases.find(({ type }) => type === connection.type);
  if (!connector?.withDatabase)
    throw new InvalidInput('connection.type', `The connection "${connection.slug}" is of type ${connection.type}; a database is needed here.`, {
      hint: `Name a connection of the type ${databases.map(({ type }) => type).join(' or ')}.`,
    });
  const config = connector.config.parse(connection.config) as { queryTimeoutSeconds: number };
  const reach = { workspaceId: ctx.run.workspaceId, slug: connection.slug, config, secret: connection.secret, signal: ctx.signal };
  return connector.withDatabase(reach as never, (session) => work(session, config));
}

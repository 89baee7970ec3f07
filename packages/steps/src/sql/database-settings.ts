// The settings that every connection to a database has, and what its driver is given of them.
import type { EgressPlace } from '@tidewheel/kit/egress/egress';
import { z } from 'zod';
import { certificateField, connectTimeoutField, hostField, passwordField, plainText } from '../connectors/connection-fields.ts';

export const tlsField = z.enum(['verify-full', 'verify-ca', 'require', 'off']).default('verify-full').meta({
  title: 'TLS',
  description:
    'verify-full: encrypted, and the certificate must be that of this host. verify-ca: any certificate of the authority. require: encrypted, whoever it is. off: in clear.',
});

export const databaseFields = {
  host: hostField,
  database: plainText(128).meta({ title: 'Database' }),
  user: plainText(128).meta({ title: 'User' }),
  tls: tlsField,
  ca: certificateField,
  timeoutSeconds: connectTimeoutField,
  queryTimeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(300)
    .meta({ title: 'Stop a query after (s)', description: 'The server is told to stop it. A step can ask for less or more.' }),
  poolSize: z
    .number()
    .int()
    .min(1)
    .max(50)
    .default(5)
    .meta({ title: 'Sessions at once', description: 'Of each worker; further steps wait for a free one. Idle sessions close after 20 s.' }),
};
export const DatabaseSecret = z.strictObject({ password: passwordField() });
export type DatabaseSecret = z.output<typeof DatabaseSecret>;

/** What all of them have, whatever the database. */
export type DatabaseConfig = z.output<z.ZodObject<typeof databaseFields>> & { port: number };

/** What reaching one needs. */
export type DatabaseServer = Omit<DatabaseConfig, 'database' | 'queryTimeoutSeconds' | 'poolSize'>;

export function placeToReach({ host, port }: { host: string; port: number }): EgressPlace {
  return { host, port, class: 'host' };
}

/** As TLS options of Node. `servername` is the name that the certificate must have. */
export function tlsOptions({ tls, ca, host }: Pick<DatabaseConfig, 'tls' | 'ca' | 'host'>) {
  if (tls === 'off') return undefined;
  return {
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: tls !== 'require',
    ...(ca === undefined ? {} : { ca }),
    ...(tls === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    host,
  };
}

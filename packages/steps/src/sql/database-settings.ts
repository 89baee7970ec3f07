// The settings that every connection to a database has, and what its driver is given of them.
import type { EgressPlace } from '@tidewheel/kit/egress/egress';
import { z } from 'zod';

const hostForm = /^(?=.{1,253}$)([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)*[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.?$/;

export const hostField = z
  .string()
  .refine((text) => hostForm.test(text) || (text.includes(':') && /^[0-9a-fA-F:.]+$/.test(text)), 'must be a host name or an IP address, without a scheme')
  .meta({ title: 'Host', examples: ['db.example.com'] });

export const plainText = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !/\p{Cc}/u.test(text), 'must not hold a control character');

export const certificateField = z
  .string()
  .min(60)
  .max(65_536)
  .refine((text) => text.includes('-----BEGIN CERTIFICATE-----'), 'must be PEM: -----BEGIN CERTIFICATE----- …')
  .optional()
  .meta({
    title: 'Certificate authority',
    description: 'PEM of the authority that signed the certificate of the server. Left out: those that this machine trusts.',
    widget: 'textarea',
  });

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
  timeoutSeconds: z.number().int().min(1).max(300).default(20).meta({ title: 'Give up connecting after (s)' }),
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
export const portField = (usual: number) => z.number().int().min(1).max(65_535).default(usual).meta({ title: 'Port' });

export const DatabaseSecret = z.strictObject({ password: z.string().min(4).max(4_096).meta({ title: 'Password', widget: 'password' }) });
export type DatabaseSecret = z.output<typeof DatabaseSecret>;

/** What all of them have, whatever the database. */
export type DatabaseConfig = z.output<z.ZodObject<typeof databaseFields>> & { port: number };

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

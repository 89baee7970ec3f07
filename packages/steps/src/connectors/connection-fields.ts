// Fields that the settings of several connectors share.
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

export const portField = (usual: number) => z.number().int().min(1).max(65_535).default(usual).meta({ title: 'Port' });
export const connectTimeoutField = z.number().int().min(1).max(300).default(20).meta({ title: 'Give up connecting after (s)' });
export const readOnlyField = z.boolean().default(false).meta({ title: 'Read only', description: 'No step may write through this connection.' });
/** Shorter ones cannot be kept out of logs. */
export const passwordField = (title = 'Password') => z.string().min(4).max(4_096).meta({ title, widget: 'password' });

// What it takes to reach an FTP server.
import { z } from 'zod';
import { certificateField, connectTimeoutField, hostField, passwordField, plainText, portField, readOnlyField } from '../connectors/connection-fields.ts';

export const FtpConfig = z.strictObject({
  host: hostField,
  port: portField(21),
  user: plainText(128).meta({ title: 'User' }),
  tls: z.enum(['explicit', 'implicit', 'off']).default('explicit').meta({
    title: 'TLS',
    description: 'explicit: AUTH TLS on the usual port. implicit: from the first byte, usually port 990. off: password and files go in clear.',
  }),
  verify: z.boolean().default(true).meta({ title: 'Check the certificate', description: 'Off: encrypted, but to whoever answers.' }),
  ca: certificateField,
  root: z
    .string()
    .max(500)
    .refine((text) => !text.split('/').includes('..') && !/\p{Cc}/u.test(text), 'must not hold ".." or a control character')
    .default('')
    .meta({ title: 'Folder', description: 'The root of this connection; where the sign-in starts when left out.', examples: ['/exchange'] }),
  readOnly: readOnlyField,
  timeoutSeconds: connectTimeoutField,
});
export type FtpConfig = z.output<typeof FtpConfig>;

export const FtpSecret = z.strictObject({ password: passwordField() });
export type FtpSecret = z.output<typeof FtpSecret>;

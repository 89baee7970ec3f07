// What it takes to call a service over HTTP.
import { z } from 'zod';
import { certificateField, passwordField, plainText } from '../connectors/connection-fields.ts';

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be the name of a header');
const address = (title: string, description?: string) =>
  z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .refine((text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''), 'must not hold a user or password')
    .meta({ title, ...(description ? { description } : {}) });

export const HttpConfig = z
  .strictObject({
    url: address('Base address', 'What the paths of steps are put behind. Nothing outside of it is called with this connection.').meta({
      examples: ['https://api.example.com/v1'],
    }),
    auth: z.enum(['none', 'basic', 'bearer', 'header', 'oauth2', 'certificate']).default('none').meta({
      title: 'Sign-in by',
      description:
        'basic: user and password. bearer: a token. header: a key in a header. oauth2: an access token by client credentials. certificate: a client certificate.',
    }),
    user: plainText(320).optional().meta({ title: 'User', description: 'With basic' }),
    header: headerName.optional().meta({ title: 'Header of the key', description: 'With header', examples: ['X-Api-Key'] }),
    tokenUrl: address('Token address', 'With oauth2').optional(),
    clientId: plainText(500).optional().meta({ title: 'Client ID', description: 'With oauth2' }),
    scopes: z.array(z.string().min(1).max(200)).max(50).default([]).meta({ title: 'Scopes', description: 'With oauth2' }),
    certificate: z
      .string()
      .min(60)
      .max(65_536)
      .optional()
      .meta({ title: 'Client certificate', description: 'With certificate: PEM, with its chain', widget: 'textarea' }),
    headers: z
      .record(
        headerName,
        z
          .string()
          .max(2_000)
          .refine((text) => !/[\r\n\0]/.test(text), 'must be one line'),
      )
      .default({})
      .meta({ title: 'Headers', description: 'Sent with each request. Nothing secret: they are shown.' }),
    ca: certificateField,
    verify: z.boolean().default(true).meta({ title: 'Check the certificate', description: 'Off: encrypted, but to whoever answers.' }),
    timeoutSeconds: z.number().int().min(1).max(3_600).default(30).meta({ title: 'Give up a request after (s)' }),
  })
  .superRefine((config, check) => {
    const needed = { none: [], basic: ['user'], bearer: [], header: ['header'], oauth2: ['tokenUrl', 'clientId'], certificate: ['certificate'] } as const;
    for (const name of needed[config.auth])
      if (config[name] === undefined) check.addIssue({ code: 'custom', path: [name], message: `is needed to sign in by ${config.auth}` });
  });
export type HttpConfig = z.output<typeof HttpConfig>;

export const HttpSecret = z.strictObject({
  password: passwordField().optional().meta({ description: 'With basic' }),
  apiKey: passwordField('Token or key').optional().meta({ description: 'With bearer or header' }),
  clientSecret: passwordField('Client secret').optional().meta({ description: 'With oauth2' }),
  privateKey: z.string().min(60).max(65_536).optional().meta({ title: 'Private key', description: 'With certificate: PEM', widget: 'textarea' }),
  passphrase: passwordField('Passphrase of the key').optional(),
});
export type HttpSecret = z.output<typeof HttpSecret>;

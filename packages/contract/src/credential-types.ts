// The types of named credentials: what of each is secret and what people may see. One schema serves validation, form and reference.
import { z } from 'zod';

const password = (title: string) => z.string().min(4).max(4_096).meta({ title, widget: 'password' });
const user = z.string().min(1).max(320).meta({ title: 'User' });
const pem = (title: string, description: string) => z.string().min(60).max(65_536).meta({ title, description, widget: 'textarea' });
/** Only the form of an address: whether it may be called is the egress client's decision. */
const address = (title: string) =>
  z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .meta({ title });

export interface CredentialType {
  type: string;
  title: string;
  icon: string;
  description: string;
  /** What is shown and kept in clear. */
  fields: z.ZodObject;
  /** What lies in the vault and is never given back. */
  secret: z.ZodType;
  /** Fields that say where the secret goes or what it belongs to: they change together with it only. */
  bound?: readonly string[];
}

/** Every text of a secret has at least 4 characters: a shorter one cannot be kept out of logs. */
export const credentialTypes: readonly CredentialType[] = [
  {
    type: 'password',
    title: 'User and password',
    icon: 'lock',
    description: 'A sign-in with user and password.',
    fields: z.strictObject({ user }),
    secret: z.strictObject({ password: password('Password') }),
  },
  {
    type: 'key',
    title: 'Private key',
    icon: 'key',
    description: 'A private key in PEM or OpenSSH form, with its passphrase if it has one.',
    fields: z.strictObject({}),
    secret: z.strictObject({
      privateKey: pem('Private key', 'The whole text of the key file, OpenSSH or PEM.'),
      passphrase: password('Passphrase of the key').optional(),
    }),
  },
  {
    type: 'certificate',
    title: 'Certificate with key',
    icon: 'file-certificate',
    description: 'A certificate (PEM, with its chain) and its private key. Its end is read from it, and the key must belong to it.',
    fields: z.strictObject({ certificate: pem('Certificate', 'PEM: first the certificate, then the chain up to the authority.') }),
    secret: z.strictObject({
      privateKey: pem('Private key', 'PEM, PKCS#8 or the older forms.'),
      passphrase: password('Passphrase of the key').optional(),
    }),
    bound: ['certificate'],
  },
  {
    type: 'api_key',
    title: 'API key',
    icon: 'braces',
    description: 'One long text that a service gave out.',
    fields: z.strictObject({
      header: z
        .string()
        .regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header')
        .default('Authorization')
        .meta({ title: 'Header' }),
    }),
    secret: z.strictObject({ apiKey: password('API key') }),
  },
  {
    type: 'oauth2_client',
    title: 'OAuth 2.0 client',
    icon: 'lock',
    description: 'A client that fetches access tokens by the client credentials grant (RFC 6749, 4.4).',
    fields: z.strictObject({
      tokenUrl: address('Token address'),
      clientId: z.string().min(1).max(500).meta({ title: 'Client ID' }),
      scopes: z.array(z.string().min(1).max(200)).max(50).default([]).meta({ title: 'Scopes' }),
    }),
    secret: z.strictObject({ clientSecret: password('Client secret') }),
    bound: ['tokenUrl', 'clientId'],
  },
  {
    type: 'aws_keys',
    title: 'AWS keys',
    icon: 'world',
    description: 'An access key of AWS or of a store that speaks S3.',
    fields: z.strictObject({
      accessKeyId: z.string().min(3).max(200).meta({ title: 'Access key ID' }),
      region: z
        .string()
        .regex(/^[a-z0-9-]{1,50}$/, 'must be a region like eu-central-1')
        .default('us-east-1')
        .meta({ title: 'Region' }),
      endpoint: address('Endpoint')
        .optional()
        .meta({ title: 'Endpoint', description: 'Of the store; the test lists its buckets. Without it the keys cannot be tested.' }),
    }),
    secret: z.strictObject({ secretAccessKey: password('Secret access key'), sessionToken: password('Session token').optional() }),
    bound: ['accessKeyId', 'endpoint'],
  },
  {
    type: 'winrm',
    title: 'WinRM',
    icon: 'server',
    description: 'A sign-in to Windows hosts.',
    fields: z.strictObject({
      user,
      domain: z.string().max(253).optional().meta({ title: 'Domain' }),
      auth: z.enum(['ntlm', 'kerberos', 'basic']).default('ntlm').meta({ title: 'Sign-in by' }),
    }),
    secret: z.strictObject({ password: password('Password') }),
  },
  {
    type: 'ssh',
    title: 'SSH',
    icon: 'terminal',
    description: 'A sign-in to SSH and SFTP servers, by password or private key. With both the key signs in, and the password is for sudo.',
    fields: z.strictObject({
      user,
      certificate: z
        .string()
        .max(20_000)
        .regex(/^\s*[a-z0-9-]+-cert-v01@openssh\.com [A-Za-z0-9+/]+={0,2}(\s.*)?$/, 'must be an OpenSSH certificate: ssh-…-cert-v01@openssh.com and its text')
        .optional()
        .meta({
          title: 'Certificate of the key',
          description: 'An OpenSSH user certificate (the file that ends with -cert.pub), for hosts only.',
          widget: 'textarea',
        }),
    }),
    secret: z
      .strictObject({
        password: password('Password').optional(),
        privateKey: pem('Private key', 'The whole text of the key file, OpenSSH or PEM.').optional(),
        passphrase: password('Passphrase of the key').optional(),
      })
      .refine((secret) => secret.password !== undefined || secret.privateKey !== undefined, { message: 'give a password or a private key', path: ['password'] })
      .refine((secret) => secret.passphrase === undefined || secret.privateKey !== undefined, {
        message: 'a passphrase needs its private key',
        path: ['passphrase'],
      }),
  },
  {
    type: 'database',
    title: 'Database login',
    icon: 'database',
    description: 'User and password of a database.',
    fields: z.strictObject({ user }),
    secret: z.strictObject({ password: password('Password') }),
  },
];

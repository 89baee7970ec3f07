// What it takes to reach an SSH server: the settings and the secret that every connector over SSH shares.
import { createHash } from 'node:crypto';
import { z } from 'zod';

const hostForm = /^(?=.{1,253}$)([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)*[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.?$/;
const v6Form = /^[0-9a-fA-F:.]+$/;

export const SshTarget = z.strictObject({
  host: z
    .string()
    .refine((text) => hostForm.test(text) || (text.includes(':') && v6Form.test(text)), 'must be a host name or an IP address, without a scheme')
    .meta({ title: 'Host', examples: ['sftp.example.com'] }),
  port: z.number().int().min(1).max(65_535).default(22).meta({ title: 'Port' }),
  user: z.string().min(1).max(100).meta({ title: 'User' }),
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'must be a fingerprint as ssh-keygen -l prints it: SHA256: and 43 characters')
    .optional()
    .meta({
      title: 'Host key',
      description: "The server's fingerprint. Leave it empty and test: the test shows what the server has, to be compared with what its owner says.",
      examples: ['SHA256:uNiVztksCsDhcc0u9e8BrqyuqS2VGvTXMFzYqWMbsCY'],
    }),
  timeoutSeconds: z.number().int().min(1).max(300).default(20).meta({ title: 'Give up connecting after (s)' }),
});
export type SshTarget = z.output<typeof SshTarget>;

export const SshSecret = z
  .strictObject({
    password: z.string().min(4).max(1000).optional().meta({ title: 'Password', widget: 'password' }),
    privateKey: z
      .string()
      .min(100)
      .max(20_000)
      .optional()
      .meta({ title: 'Private key', widget: 'textarea', description: 'The whole text of the key file, OpenSSH or PEM.' }),
    passphrase: z.string().min(4).max(1000).optional().meta({ title: 'Passphrase of the key', widget: 'password' }),
  })
  .refine((secret) => secret.password !== undefined || secret.privateKey !== undefined, { message: 'give a password or a private key', path: ['password'] })
  .refine((secret) => secret.passphrase === undefined || secret.privateKey !== undefined, {
    message: 'a passphrase needs its private key',
    path: ['passphrase'],
  });
export type SshSecret = z.output<typeof SshSecret>;

/** Whatever one can sign in with: what a secret has, and what only hosts have. */
export interface SshSignIn {
  password?: string | undefined;
  privateKey?: string | undefined;
  passphrase?: string | undefined;
  /** An OpenSSH user certificate for the private key, as `ssh-keygen -s` writes it. */
  certificate?: string | undefined;
  /** The socket of an ssh-agent on this machine. */
  agent?: string | undefined;
}

/** The fingerprint of a host key blob as `ssh-keygen -l` prints it. */
export function fingerprintOf(hostKey: Buffer): string {
  return `SHA256:${createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '')}`;
}

/** The algorithm a host key blob starts with, e.g. `ssh-ed25519`. */
export function algorithmOf(hostKey: Buffer): string {
  const length = hostKey.length >= 4 ? hostKey.readUInt32BE(0) : 0;
  return hostKey.subarray(4, 4 + Math.min(length, 64)).toString('latin1');
}

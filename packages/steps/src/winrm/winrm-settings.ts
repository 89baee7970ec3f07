// How a Windows host is reached by WinRM: what is kept on the target, and what a credential gives to sign in with.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { OpenTarget } from '@tidewheel/kit/define-transport';
import { z } from 'zod';

/** Code pages whose bytes are understood: those of `decodePage`. */
export const codePages = [65_001, 437, 850, 852, 858, 866, 874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258] as const;

export const WinrmSettings = z.strictObject({
  scheme: z.enum(['https', 'http']).default('https').meta({ title: 'Protocol', description: 'Over http the messages are sealed by NTLM.' }),
  port: z.number().int().min(1).max(65_535).optional().meta({ title: 'Port', description: '5986 for https and 5985 for http when left empty' }),
  path: z
    .string()
    .regex(/^\/[\w./~-]{0,200}$/, 'must be a path like /wsman')
    .default('/wsman')
    .meta({ title: 'Path' }),
  auth: z
    .enum(['auto', 'ntlm', 'kerberos', 'basic', 'certificate'])
    .default('auto')
    .meta({ title: 'Sign-in by', description: 'auto: what the credential says; NTLM for a plain user and password' }),
  encryption: z.enum(['auto', 'always', 'never']).default('auto').meta({
    title: 'Seal messages',
    description:
      'auto: over http, where TLS does not do it. always: inside TLS too. never: also over http nothing is sealed, so that anybody in between reads passwords and output and may change commands.',
  }),
  serverName: z
    .string()
    .regex(/^[\w.-]{1,253}$/, 'must be a host name')
    .optional()
    .meta({ title: 'Name in the certificate', description: 'Where the address of the target is not the name its certificate is for' }),
  certificateAuthority: z
    .string()
    .min(60)
    .max(200_000)
    .optional()
    .meta({ title: 'Certificate authority', widget: 'textarea', description: 'PEM; those that Node knows when left empty' }),
  fingerprint: z
    .string()
    .regex(/^([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$/, 'must be a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons')
    .optional()
    .meta({
      title: 'Certificate fingerprint',
      description: 'SHA-256. Then this certificate is the one, also when it has signed itself. The test of the target shows what the host has.',
    }),
  channelBinding: z
    .boolean()
    .default(true)
    .meta({ title: 'Bind the sign-in to TLS', description: 'Turn it off only where a proxy in between has a certificate of its own.' }),
  servicePrincipal: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'must be like HTTP/server.example.com')
    .optional()
    .meta({ title: 'Service principal', description: 'For Kerberos; HTTP/ and the address when left empty' }),
  locale: z
    .string()
    .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/, 'must be like en-US')
    .default('en-US')
    .meta({ title: 'Locale', description: 'Of messages that the host writes' }),
  codePage: z
    .literal([...codePages])
    .default(65_001)
    .meta({ title: 'Code page', description: 'Of what programs there print: 65001 is UTF-8' }),
  connectSeconds: z.number().int().min(1).max(300).default(20).meta({ title: 'Give up connecting after (s)' }),
  operationSeconds: z
    .number()
    .int()
    .min(1)
    .max(300)
    .default(20)
    .meta({ title: 'Ask again after (s)', description: 'How long one request waits for output before it is asked anew' }),
  maxEnvelopeKb: z.number().int().min(32).max(8_192).default(500).meta({ title: 'Largest message (kB)', description: 'MaxEnvelopeSizekb of the host' }),
  maxShells: z.number().int().min(1).max(100).default(10).meta({ title: 'Shells at a time', description: 'What one worker opens on the host at a time' }),
});
export type WinrmSettings = z.output<typeof WinrmSettings>;

export type SignInScheme = 'ntlm' | 'kerberos' | 'basic' | 'certificate';

export interface SignIn {
  scheme: SignInScheme;
  /** Empty for a certificate. */
  user: string;
  domain: string;
  password: string;
  certificate: { certificate: string; privateKey: string; passphrase?: string | undefined } | undefined;
}

export interface WinrmTarget {
  id: string;
  name: string;
  address: string;
  port: number;
  settings: WinrmSettings;
  signIn: SignIn;
  /** Whether messages are sealed by the sign-in, not by TLS alone. */
  isSealed: boolean;
  /** Told how each attempt to reach it goes. */
  onContact?: OpenTarget['onContact'];
}

/** The settings of an opened WinRM target, with what they leave open filled in. @throws InvalidInput for what cannot work or would send secrets in clear */
export function winrmOf(target: OpenTarget): WinrmTarget {
  if (target.transport !== 'winrm')
    throw new InvalidInput('target.transport', `The target "${target.name}" is reached by ${target.transport}; a target reached by WinRM is needed here.`, {
      hint: 'Name a Windows target, or use a step for its own transport.',
    });
  const settings = WinrmSettings.parse(target.settings);
  const signIn = signInOf(target, settings);
  requireCover({ name: target.name, settings, signIn });
  return {
    id: target.id,
    name: target.name,
    address: target.address,
    port: settings.port ?? (settings.scheme === 'https' ? 5986 : 5985),
    settings,
    signIn,
    onContact: target.onContact,
    isSealed: signIn.scheme === 'ntlm' && (settings.encryption === 'always' || (settings.encryption === 'auto' && settings.scheme === 'http')),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function signInOf({ name, credential }: OpenTarget, settings: WinrmSettings): SignIn {
  if (!credential)
    throw new InvalidInput('winrm.no_credential', `The target "${name}" has no credential to sign in with.`, { hint: 'Give it one under Targets.' });
  const { type, fields, secret } = credential;
  if (type === 'certificate') {
    if (settings.auth !== 'auto' && settings.auth !== 'certificate') throw wrongCredential({ name, type, auth: settings.auth });
    const certificate = { certificate: text(fields.certificate), privateKey: text(secret.privateKey), passphrase: text(secret.passphrase) || undefined };
    return { scheme: 'certificate', user: '', domain: '', password: '', certificate };
  }
  if ((type !== 'winrm' && type !== 'password') || settings.auth === 'certificate') throw wrongCredential({ name, type, auth: settings.auth });
  const said = type === 'winrm' ? (fields.auth as SignInScheme) : 'ntlm';
  const scheme = settings.auth === 'auto' ? said : settings.auth;
  return { scheme, password: text(secret.password), certificate: undefined, ...accountOf({ user: text(fields.user), domain: text(fields.domain), scheme }) };
}

/** `DOMAIN\user` is taken apart; `user@domain` goes as it is, with an empty domain (MS-NLMP 3.2.5.1.2). */
function accountOf({ user, domain, scheme }: { user: string; domain: string; scheme: SignInScheme }): { user: string; domain: string } {
  const [before, ...after] = user.split('\\');
  if (after.length === 0 || scheme === 'basic') return { user, domain };
  return { user: after.join('\\'), domain: domain || (before ?? '') };
}

function wrongCredential({ name, type, auth }: { name: string; type: string; auth: string }): InvalidInput {
  return new InvalidInput('winrm.credential', `The credential of the target "${name}" is of type ${type}, which does not sign in by ${auth}.`, {
    hint: 'WinRM takes credentials of the types winrm, password and certificate; a certificate only for the sign-in by certificate.',
  });
}

function requireCover({ name, settings, signIn }: { name: string; settings: WinrmSettings; signIn: SignIn }): void {
  if (settings.encryption === 'always' && signIn.scheme !== 'ntlm')
    throw new InvalidInput('winrm.cannot_seal', `The target "${name}" cannot seal messages when it signs in by ${signIn.scheme}.`, {
      hint: 'Sign in by NTLM, or set "Seal messages" to auto: TLS covers them.',
    });
  if (settings.scheme === 'https') return;
  if (signIn.scheme === 'certificate')
    throw new InvalidInput('winrm.certificate_http', `The target "${name}" cannot sign in by certificate over http.`, {
      hint: 'Set its protocol to https: the certificate is shown within TLS.',
    });
  if (signIn.scheme === 'kerberos' && settings.encryption !== 'never')
    throw new InvalidInput('winrm.kerberos_http', `The target "${name}" would send readable messages: Kerberos signs in over http and cannot seal them here.`, {
      hint: 'Use https, or NTLM.',
    });
  if (signIn.scheme === 'basic' && settings.encryption !== 'never')
    throw new InvalidInput('winrm.basic_http', `The target "${name}" would send its password readable over http.`, {
      hint: 'Use https, or NTLM. Only if anybody may read it, set "Seal messages" to never.',
    });
}

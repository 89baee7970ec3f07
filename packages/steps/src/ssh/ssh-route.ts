// From a host as the engine opens it to what it takes to reach it: address, pinned key and sign-in of each hop.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { OpenTarget } from '@tidewheel/kit/define-transport';
import { z } from 'zod';
import { placeOf } from './ssh-errors.ts';
import { type SshSignIn, SshTarget } from './ssh-target.ts';

const { port, hostKey, timeoutSeconds } = SshTarget.shape;

/** What is kept on a host that is reached by SSH. */
export const SshSettings = z.strictObject({
  port,
  user: SshTarget.shape.user
    .optional()
    .meta({ title: 'User', description: 'Who signs in; that of the credential when left out. A credential of type "Private key" names nobody.' }),
  hostKey,
  acceptNewHostKey: z.boolean().default(false).meta({
    title: 'Trust the host key on first use',
    description:
      'Only where no key is entered: whatever key the host shows first is taken and kept, and another one refused from then on. Whoever stands in between at the first sign-in is trusted too.',
  }),
  timeoutSeconds,
  pty: z.boolean().default(false).meta({ title: 'With a terminal (PTY)', description: 'For hosts that demand one. Standard error then comes as output.' }),
  agent: z.boolean().default(false).meta({
    title: 'Sign in by the ssh-agent of the worker',
    description: 'Where an administrator allows it by TIDEWHEEL_SSH_AGENT. The agent is never forwarded to the host.',
  }),
  sudoPassword: z
    .enum(['credential', 'none'])
    .default('credential')
    .meta({ title: 'Password for sudo', description: 'What sudo gets when it asks: the password of the credential, or nothing.' }),
});
export type SshSettings = z.output<typeof SshSettings>;

export interface SshRoute {
  /** What people call the host. */
  name: string;
  target: SshTarget;
  signIn: SshSignIn;
  acceptsNewHostKey: boolean;
  /** Keeps a key that was taken on first use, where it can be kept. */
  keepHostKey?: ((fingerprint: string) => Promise<void>) | undefined;
  /** Told how each attempt to reach it goes. */
  onContact?: OpenTarget['onContact'];
  via: SshRoute | null;
  pty: boolean;
  sudoPassword: string | undefined;
}

/** The most hosts between here and the one that is meant. */
const mostHops = 5;
let agentSocket: string | undefined;

/** Lets hosts be signed in to by the agent behind this socket; undefined: by none. Set once by the process that runs steps. */
export function allowSshAgent(socket: string | undefined): void {
  agentSocket = socket;
}

/** @throws InvalidInput when the host is reached by another transport, or it is not said who signs in */
export function routeTo(host: OpenTarget, hops = 0): SshRoute {
  if (host.transport !== 'ssh')
    throw new InvalidInput('ssh.transport', `The target "${host.name}" is reached by ${host.transport}, and SSH is needed here.`, {
      hint: 'Name a target whose transport is SSH.',
    });
  if (hops > mostHops)
    throw new InvalidInput('ssh.hops', `"${host.name}" is behind more than ${mostHops} jump hosts.`, { hint: 'Look for a circle among them.' });
  const settings = SshSettings.parse(host.settings);
  const secret = host.credential?.secret ?? {};
  const signIn = signInOf(host, settings);
  return {
    name: host.name,
    target: { host: host.address, port: settings.port, user: userOf(host, settings), hostKey: settings.hostKey, timeoutSeconds: settings.timeoutSeconds },
    signIn,
    acceptsNewHostKey: settings.acceptNewHostKey,
    keepHostKey: host.keepHostKey,
    onContact: host.onContact,
    via: host.via && routeTo(host.via, hops + 1),
    pty: settings.pty,
    sudoPassword: settings.sudoPassword === 'credential' ? text(secret.password) : undefined,
  };
}

function userOf(host: OpenTarget, settings: SshSettings): string {
  const user = settings.user ?? text(host.credential?.fields.user);
  if (user !== undefined) return user;
  throw new InvalidInput('ssh.no_user', `It is not said who signs in to "${host.name}".`, {
    hint: 'Enter the user in the settings of the target, or use a credential that names one.',
  });
}

function signInOf(host: OpenTarget, settings: SshSettings): SshSignIn {
  const fields = host.credential?.fields ?? {};
  const secret = host.credential?.secret ?? {};
  if (settings.agent && agentSocket === undefined)
    throw new InvalidInput('ssh.agent', `"${host.name}" is to be signed in to by the ssh-agent of the worker, which is not allowed here.`, {
      hint: 'An administrator allows it by TIDEWHEEL_SSH_AGENT, the path of the socket of the agent.',
    });
  return {
    password: text(secret.password),
    privateKey: text(secret.privateKey),
    passphrase: text(secret.passphrase),
    certificate: text(fields.certificate),
    agent: settings.agent ? agentSocket : undefined,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `deploy@web-1.example.com:22, through bastion.example.com:22`, for logs and errors. */
export function routeText({ target, via }: SshRoute): string {
  const hops: string[] = [];
  for (let hop = via; hop; hop = hop.via) hops.push(placeOf(hop.target));
  return `${target.user}@${placeOf(target)}${hops.length > 0 ? `, through ${hops.reverse().join(' and ')}` : ''}`;
}

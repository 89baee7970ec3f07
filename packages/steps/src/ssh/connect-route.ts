// Connects to a host through its jump hosts, each hop's key compared before it gets anything.
import { InvalidInput } from '@tidewheel/contract/errors';
import { connectSsh, type SshConnection } from './ssh-client.ts';
import { placeOf } from './ssh-errors.ts';
import type { SshRoute } from './ssh-route.ts';

/** A connection, and the way to let it go with everything below it. */
export interface Reached {
  ssh: SshConnection;
  release(): void;
}

export interface RouteOptions {
  signal: AbortSignal;
  /** Opens the jump host; by itself when left out. */
  reachVia?(via: SshRoute): Promise<Reached>;
  onHostKey?(fingerprint: string, algorithm: string): void;
}

/** Keys taken on first use, by place: what this process saw once it expects again, also where nothing can keep them. */
const taken = new Map<string, string>();
const mostTaken = 10_000;

/** @throws as connectSsh; `ssh.jump` where a jump host cannot go on */
export async function connectRoute(route: SshRoute, options: RouteOptions): Promise<Reached> {
  const via = route.via && (await (options.reachVia ?? ((hop) => connectRoute(hop, { signal: options.signal })))(route.via));
  try {
    const ssh = await connectHop(route, via?.ssh, options);
    return {
      ssh,
      release: () => {
        ssh.close();
        via?.release();
      },
    };
  } catch (thrown) {
    via?.release();
    throw thrown;
  }
}

async function connectHop(route: SshRoute, via: SshConnection | undefined, { signal, onHostKey }: RouteOptions): Promise<SshConnection> {
  const { signIn, acceptsNewHostKey } = route;
  if (Object.values(signIn).every((value) => value === undefined))
    throw new InvalidInput('ssh.no_secret', `There is nothing to sign in to "${route.name}" with.`, { hint: 'Give the target a credential.' });
  const isNew = acceptsNewHostKey && route.target.hostKey === undefined;
  const key = [...hopsOf(route)].join(' ');
  const target = isNew ? { ...route.target, hostKey: taken.get(key) } : route.target;
  const ssh = await connectSsh({ target, secret: signIn, signal, via, acceptsNewHostKey, ...(onHostKey ? { onHostKey } : {}) });
  if (isNew && taken.get(key) === undefined) {
    if (taken.size < mostTaken) taken.set(key, ssh.hostKey);
    await route.keepHostKey?.(ssh.hostKey);
  }
  return ssh;
}

function* hopsOf(route: SshRoute): Generator<string> {
  for (let hop: SshRoute | null = route; hop; hop = hop.via) yield placeOf(hop.target);
}

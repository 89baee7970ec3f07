// The one way out: every connection to a system that is not ours is resolved once, each address checked against the policy, and made to the checked
// address and no other. A lint rule keeps every other way closed.
import { lookup } from 'node:dns/promises';
import net from 'node:net';
import { NotAllowed, TimedOut, Unreachable } from '@tidewheel/contract/errors';
import { type EgressClass, type EgressRule, parseEgressRule, plainName, refusalOf } from './egress-policy.ts';

export interface EgressPlace {
  host: string;
  port: number;
  /** Who named it; see EgressClass. */
  class: EgressClass;
}

export interface PinnedHost {
  /** The address to connect to: checked, and not to be resolved again. */
  address: string;
  family: 4 | 6;
  /** All that the name led to, each checked; `address` is the first. */
  addresses: { address: string; family: 4 | 6 }[];
  /** The name for TLS (SNI and the certificate); undefined when `host` is an address. */
  servername: string | undefined;
}

let rules: readonly EgressRule[] = [];
let generation = 0;

/** Sets what this process may reach beyond the default, in effect for the next connection. @throws InvalidInput for a faulty line */
export function allowEgress(lines: readonly string[]): void {
  rules = lines.map(parseEgressRule);
  generation += 1;
}

/** Grows with each change of the policy: connections that are kept open belong to the generation they were made in. */
export function egressGeneration(): number {
  return generation;
}

/**
 * For clients that make their own connection (SMTP, FTP): connect to `address`, give `servername` to TLS.
 * @throws NotAllowed `egress.denied`, Unreachable `egress.dns`, TimedOut, or the signal's reason
 */
export async function resolveAllowed(place: EgressPlace, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<PinnedHost> {
  const host = place.host.replace(/^\[(.*)\]$/, '$1');
  const addresses = await resolve(host, signal);
  for (const { address } of addresses) {
    const refusal = refusalOf({ ...place, host, address }, rules);
    if (refusal !== undefined) throw denied(place, refusal);
  }
  const [first] = addresses;
  if (!first) throw unknownName(host);
  return { ...first, addresses, servername: net.isIP(host) === 0 ? plainName(host) : undefined };
}

/**
 * An open TCP connection to a checked address; of several addresses the first that answers. The caller ends it.
 * @throws NotAllowed, Unreachable, TimedOut, the signal's reason, or the socket's own error
 */
export async function connectAllowed(place: EgressPlace, { signal, timeoutMs }: { signal?: AbortSignal | undefined; timeoutMs: number }): Promise<net.Socket> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const pinned = await resolveAllowed(place, { signal: either }).catch((thrown: unknown) => {
    if (deadline.aborted && !signal?.aborted) throw timedOut(place, thrown);
    throw thrown;
  });
  const socket = net.connect({ host: pinned.servername ?? pinned.address, port: place.port, noDelay: true, lookup: lookupOf(pinned), autoSelectFamily: true });
  return whenConnected(socket, { place, signal, deadline });
}

/** For clients that connect their socket themselves: one that goes to the checked addresses, whatever it is told. @throws as resolveAllowed */
export async function checkedSocket(place: EgressPlace, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<net.Socket> {
  const pinned = await resolveAllowed(place, { signal });
  const socket = new net.Socket();
  const connect = socket.connect.bind(socket) as (options: net.TcpNetConnectOpts) => net.Socket;
  const options = { host: pinned.servername ?? pinned.address, port: place.port, lookup: lookupOf(pinned), autoSelectFamily: true, noDelay: true };
  Object.defineProperty(socket, 'connect', { value: () => connect(options) });
  return socket;
}

function whenConnected(
  socket: net.Socket,
  { place, signal, deadline }: { place: EgressPlace; signal: AbortSignal | undefined; deadline: AbortSignal },
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const stop = () => socket.destroy(signal?.aborted ? (signal.reason as Error) : timedOut(place));
    const settle = () => {
      for (const each of [signal, deadline]) each?.removeEventListener('abort', stop);
    };
    for (const each of [signal, deadline]) each?.addEventListener('abort', stop, { once: true });
    const failed = (error: Error) => {
      settle();
      reject(error);
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      settle();
      socket.removeListener('error', failed);
      resolve(socket);
    });
    if (signal?.aborted || deadline.aborted) stop();
  });
}

/** A lookup for Node's connect that answers with the checked addresses, whatever it is asked. */
export function lookupOf(pinned: PinnedHost): net.LookupFunction {
  return (_name, options, answer) => {
    if (options.all) answer(null, pinned.addresses);
    else answer(null, pinned.address, pinned.family);
  };
}

async function resolve(host: string, signal: AbortSignal | undefined): Promise<PinnedHost['addresses']> {
  signal?.throwIfAborted();
  const family = net.isIP(host);
  if (family !== 0) return [{ address: host, family: family === 6 ? 6 : 4 }];
  if (host === '' || host.length > 253 || /[^!-~]|[/@\\%]/.test(host)) throw unknownName(host);
  const found = await abortable(lookup(host, { all: true, verbatim: true }), signal).catch((cause: unknown) => {
    if (signal?.aborted) throw signal.reason;
    throw unknownName(host, cause);
  });
  return found.map(({ address, family: version }) => ({ address, family: version === 6 ? 6 : 4 }));
}

/** The lookup itself cannot be stopped (getaddrinfo); who waits for it can. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const gone = Promise.withResolvers<never>();
  const leave = () => gone.reject(signal.reason as Error);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function shown({ host, port }: EgressPlace): string {
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}

const kindNames = {
  public: 'a public address',
  private: 'a private network',
  loopback: 'this machine itself',
  'link-local': 'a link-local address',
  metadata: 'a metadata service of a cloud',
  reserved: 'a reserved or multicast address',
  unreadable: 'something that is no address',
} as const;

/** Without the address: who may name hosts shall not learn from us what the inner DNS says. */
function denied(place: EgressPlace, refusal: keyof typeof kindNames): NotAllowed {
  return new NotAllowed('egress.denied', `${shown(place)} leads to ${kindNames[refusal]}, which this installation does not let connections reach.`, {
    hint: 'If that is meant, an administrator allows the host or network under Admin > Security (TIDEWHEEL_EGRESS_ALLOW, `tidewheel security set --egress-allow`).',
    details: { host: place.host, port: place.port, kind: refusal },
  });
}

function unknownName(host: string, cause?: unknown): Unreachable {
  return new Unreachable('egress.dns', `The name ${host.slice(0, 253)} is not known.`, {
    hint: 'Check the spelling of the host and the DNS of this machine.',
    cause,
  });
}

function timedOut(place: EgressPlace, cause?: unknown): TimedOut {
  return new TimedOut('egress.timeout', `${shown(place)} did not answer in time.`, {
    hint: 'Check that the address is right and that no firewall drops the packets.',
    cause,
  });
}

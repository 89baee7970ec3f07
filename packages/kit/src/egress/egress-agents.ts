// For libraries that bring their own HTTP client and take agents of Node (the AWS SDK): each connection of theirs is made to a checked address.
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { connectAllowed } from './egress.ts';
import type { EgressClass } from './egress-policy.ts';

export interface EgressAgents {
  httpAgent: http.Agent;
  httpsAgent: https.Agent;
  /** Closes what is kept open. */
  destroy(): void;
}

export interface EgressAgentOptions {
  class: EgressClass;
  /** For name and connection. */
  connectMs: number;
  /** The most connections at once. */
  connections?: number;
  /** PEM of a private authority that signed the far side's certificate. */
  certificateAuthority?: string | undefined;
}

type Done = (error: Error | null, socket: Socket) => void;
interface Asked {
  host?: string | null | undefined;
  port?: number | string | null | undefined;
  servername?: string | undefined;
}

/** Keep them no longer than the policy they were made under (egressGeneration): kept connections are not checked again. */
export function createEgressAgents({ class: kind, connectMs, connections = 16, certificateAuthority }: EgressAgentOptions): EgressAgents {
  const settings = { keepAlive: true, keepAliveMsecs: 4_000, maxSockets: connections };
  const reach = ({ host, port }: Asked, usual: number) =>
    connectAllowed({ host: host ?? '', port: Number(port) || usual, class: kind }, { signal: undefined, timeoutMs: connectMs });
  const httpAgent = new http.Agent(settings);
  const httpsAgent = new https.Agent({ ...settings, ...(certificateAuthority ? { ca: certificateAuthority } : {}), minVersion: 'TLSv1.2' });
  const answerTo = (work: Promise<Socket>, done: Done | undefined) => {
    work.then(
      (socket) => done?.(null, socket),
      (error: unknown) => done?.(error as Error, undefined as unknown as Socket),
    );
    return undefined;
  };
  httpAgent.createConnection = (options: Asked, done?: Done) => answerTo(reach(options, 80), done) as never;
  httpsAgent.createConnection = (options: Asked, done?: Done) =>
    answerTo(
      reach(options, 443).then((socket) => secured(socket, options)),
      done,
    ) as never;
  const destroy = () => {
    httpAgent.destroy();
    httpsAgent.destroy();
  };
  return { httpAgent, httpsAgent, destroy };
}

/** Node's own agent hands over before the handshake is through; errors of it reach the request as those of the socket. */
function secured(socket: Socket, options: Asked): Socket {
  return tls.connect({ ...(options as tls.ConnectionOptions), socket });
}

// Connections of the server and whether one is in the middle of a request. Node's closeIdleConnections passes over those that never sent
// one (browsers open some ahead of need), and a graceful end would wait for them in vain.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface OpenConnections {
  /** Ends every connection that is not in the middle of a request. Upgraded ones belong to the WebSocket server. */
  endIdle(): void;
}

export interface ConnectionLimits {
  mostOfAddress: number;
  /** Addresses that stand for many (proxies). */
  exempt(address: string): boolean;
}

interface Open {
  socket: Socket;
  /** Requests that it is in the middle of. */
  count: number;
}

export function trackConnections(server: Server, { mostOfAddress, exempt }: ConnectionLimits): OpenConnections {
  // By the far end: under TLS a request's socket is another object than the connection's.
  const open = new Map<string, Open>();
  const ofAddress = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (ofAddress.get(address) ?? 0) + 1;
    if (count > mostOfAddress && !exempt(address)) {
      socket.destroy();
      return;
    }
    const peer = peerOf(socket);
    ofAddress.set(address, count);
    open.set(peer, { socket, count: 0 });
    socket.once('close', () => {
      const left = (ofAddress.get(address) ?? 1) - 1;
      if (left > 0) ofAddress.set(address, left);
      else ofAddress.delete(address);
      if (open.get(peer)?.socket === socket) open.delete(peer);
    });
  });
  server.on('request', ({ socket }, response) => {
    const entry = open.get(peerOf(socket));
    if (!entry) return;
    entry.count += 1;
    response.once('close', () => {
      entry.count -= 1;
    });
  });
  server.on('upgrade', ({ socket }) => open.delete(peerOf(socket)));
  return {
    endIdle() {
      for (const { socket, count } of open.values()) if (count === 0) socket.destroy();
    },
  };
}

function peerOf({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress} ${remotePort}`;
}

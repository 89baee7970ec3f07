// Connections of the server and whether one is in the middle of a request. Node's closeIdleConnections passes over those that never sent
// one (browsers open some ahead of need), and a graceful end would wait for them in vain.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface OpenConnections {
  /** Ends every connection that is not in the middle of a request. Upgraded ones belong to the WebSocket server. */
  endIdle(): void;
}

export function trackConnections(server: Server): OpenConnections {
  const requests = new Map<Socket, number>();
  server.on('connection', (socket: Socket) => {
    requests.set(socket, 0);
    socket.once('close', () => requests.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    requests.set(socket, (requests.get(socket) ?? 0) + 1);
    response.once('close', () => {
      if (requests.has(socket)) requests.set(socket, (requests.get(socket) ?? 1) - 1);
    });
  });
  server.on('upgrade', ({ socket }) => requests.delete(socket));
  return {
    endIdle() {
      for (const [socket, count] of requests) if (count === 0) socket.destroy();
    },
  };
}

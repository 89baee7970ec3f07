// The way to a server, which a test can close: the server lives on, and nobody reaches it.
import net from 'node:net';

export interface Gate extends AsyncDisposable {
  port: number;
  /** What is open breaks off, and what comes is turned away. */
  close(): void;
  open(): void;
}

export async function startGate(serverPort: number): Promise<Gate> {
  const sockets = new Set<net.Socket>();
  let isOpen = true;
  const keep = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = net.createServer((caller) => {
    if (!isOpen) return caller.destroy();
    const behind = net.connect({ host: '127.0.0.1', port: serverPort });
    for (const socket of [caller, behind]) keep(socket);
    caller.pipe(behind).pipe(caller);
    caller.once('close', () => behind.destroy());
    behind.once('close', () => caller.destroy());
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as net.AddressInfo).port,
    close,
    open: () => {
      isOpen = true;
    },
    async [Symbol.asyncDispose]() {
      close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

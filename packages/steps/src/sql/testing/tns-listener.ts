// The door of an Oracle database: a listener that speaks the first packets of its protocol (TNS) as a real one does, refusing, redirecting, staying silent or hanging up.
// There is no database behind it.
import { execFileSync } from 'node:child_process';
import net from 'node:net';
import tls from 'node:tls';

/** What it answers to who asks for a service; undefined: nothing, ever. `close`: it hangs up. */
export type TnsAnswer = Buffer | 'close' | undefined;

export interface TnsListener extends AsyncDisposable {
  port: number;
  /** The descriptors it was asked with. */
  asked: string[];
}

export async function startTnsListener(answer: () => TnsAnswer, secured?: { key: string; cert: string }): Promise<TnsListener> {
  const asked: string[] = [];
  const sockets = new Set<net.Socket>();
  const serve = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let unread = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      unread = Buffer.concat([unread, bytes]);
      if (unread.length >= 5 && unread[4] !== 1) {
        // Only NSPTCN (connect) is understood; whatever else comes is hung up on.
        socket.destroy();
        return;
      }
      const descriptor = descriptorOf(unread);
      if (descriptor === undefined) return;
      unread = Buffer.alloc(0);
      asked.push(descriptor);
      const given = answer();
      if (given === 'close') socket.destroy();
      else if (given) socket.end(given);
    });
  };
  const server = secured ? tls.createServer({ key: pem(secured.key), cert: pem(secured.cert) }, serve) : net.createServer(serve);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a connect packet asks for, once all of it is here: its data begin where it says (offset 26) and follow the packet when they are longer than 230 bytes. */
function descriptorOf(bytes: Buffer): string | undefined {
  if (bytes.length < 28) return undefined;
  const length = bytes.readUInt16BE(24);
  const packetLength = bytes.readUInt16BE(0);
  const from = bytes.readUInt16BE(26);
  // Data that follow come in a packet of their own, with a head of ten bytes.
  const start = from + length <= packetLength ? from : packetLength + dataHead;
  return bytes.length < start + length ? undefined : bytes.subarray(start, start + length).toString('ascii');
}

const dataHead = 10;

function pem(file: string): string {
  return execFileSync('cat', [file]).toString();
}

function packet(type: number, { flags = 0, body }: { flags?: number; body: Buffer }): Buffer {
  const whole = Buffer.concat([Buffer.alloc(8), body]);
  whole.writeUInt16BE(whole.length, 0);
  whole.writeUInt8(type, 4);
  whole.writeUInt8(flags, 5);
  return whole;
}

function counted(head: Buffer, text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(text));
  return Buffer.concat([head, length, Buffer.from(text)]);
}

/** NSPTRF: as a listener says that it does not know the service, has no room, … */
export function refusal(error: number): Buffer {
  const text = `(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=${error})(ERROR_STACK=(ERROR=(CODE=${error})(EMFI=4))))`;
  return packet(4, { body: counted(Buffer.from([34, 0]), text) });
}

/** NSPTRD: go there instead, with the data of before. */
export function redirection({ host, port, protocol = 'tcp' }: { host: string; port: number; protocol?: string }): Buffer {
  return packet(5, { body: counted(Buffer.alloc(0), `(ADDRESS=(PROTOCOL=${protocol})(HOST=${host})(PORT=${port}))`) });
}

// A process of its own that is two thousand hosts: an SSH server on an address of its own each (127.1.0.1 and on), which really runs what it is told.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import net from 'node:net';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';

export interface HostsOrder {
  count: number;
  user: string;
  password: string;
}
export interface HostsReady {
  port: number;
  /** `SHA256:…`, of all of them. */
  hostKey: string;
}

/** Of the host with this number, from 0. */
export function addressOf(host: number): string {
  return `127.1.${Math.floor(host / 250)}.${1 + (host % 250)}`;
}

function serve(client: Connection, { user, password }: HostsOrder): void {
  // Whoever leaves in the middle of a word is no matter here.
  client.on('error', () => {});
  client.on('authentication', (asked) => {
    if (asked.method === 'password' && asked.username === user && asked.password === password) asked.accept();
    else asked.reject(['password']);
  });
  client.on('session', (accept) => {
    const session = accept();
    session.on('env', (agree) => agree?.());
    session.on('exec', (agree, _refuse, { command }) => perform(agree(), command));
  });
}

function perform(channel: ServerChannel, command: string): void {
  const shell = spawn('/bin/sh', ['-c', command]);
  channel.pipe(shell.stdin);
  shell.stdin.on('error', () => {});
  shell.stdout.pipe(channel, { end: false });
  shell.stderr.pipe(channel.stderr, { end: false });
  shell.once('close', (code) => {
    channel.exit(code ?? 255);
    channel.end();
  });
}

async function start(order: HostsOrder): Promise<HostsReady> {
  const key = ssh2.utils.generateKeyPairSync('ed25519');
  const server = new ssh2.Server({ hostKeys: [key.private] }, (client) => serve(client, order));
  const listen = (host: number, port: number) =>
    new Promise<number>((resolve, reject) => {
      const one = net.createServer((socket) => server.injectSocket(socket));
      one.once('error', reject).listen(port, addressOf(host), () => resolve((one.address() as net.AddressInfo).port));
    });
  const port = await listen(0, 0);
  for (let host = 1; host < order.count; host++) await listen(host, port);
  const bytes = Buffer.from(key.public.split(' ')[1] ?? '', 'base64');
  return { port, hostKey: `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}` };
}

if (process.send) process.once('message', (order: HostsOrder) => void start(order).then((ready) => process.send?.(ready)));

// What one would write by hand with ssh2: connect, compare the host key, run `uptime`, take its output.
import { createHash } from 'node:crypto';
import ssh2, { type Client } from 'ssh2';
import type { Hosts } from './many-sshd.ts';

function connect({ user, privateKey, hostKey }: Hosts, port: number): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.once('ready', () => resolve(client)).once('error', reject);
    client.connect({
      host: '127.0.0.1',
      port,
      username: user,
      privateKey,
      hostVerifier: (key: Buffer) => `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}` === hostKey,
    });
  });
}

function uptime(client: Client): Promise<string> {
  return new Promise((resolve, reject) => {
    client.exec('uptime', (error, channel) => {
      if (error) return reject(error);
      let out = '';
      channel.on('data', (chunk: Buffer) => {
        out += chunk.toString();
      });
      channel.stderr.resume();
      channel.on('close', (code: number) => (code === 0 ? resolve(out) : reject(new RangeError(`exit code ${code}`))));
    });
  });
}

export async function bareNew(hosts: Hosts): Promise<void> {
  await Promise.all(
    hosts.ports.map(async (port) => {
      const client = await connect(hosts, port);
      await uptime(client);
      client.end();
    }),
  );
}

export async function bareKept(hosts: Hosts): Promise<AsyncDisposable & { round(): Promise<void> }> {
  const clients = await Promise.all(hosts.ports.map((port) => connect(hosts, port)));
  return {
    round: async () => void (await Promise.all(clients.map(uptime))),
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.end();
    },
  };
}

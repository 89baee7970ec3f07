// The thread that opens a private key under its passphrase and hands it back without one.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import ssh2 from 'ssh2';
import { isPkcs8, type KeyAnswer, type KeyJob } from './private-key.ts';

function answer({ privateKey, passphrase }: KeyJob): KeyAnswer {
  const parsed = ssh2.utils.parseKey(privateKey, passphrase);
  if (parsed instanceof Error) return fromPkcs8({ privateKey, passphrase }) ?? { fault: parsed.message };
  return { privateKey: parsed.type === 'ssh-ed25519' ? ed25519File(createPrivateKey(parsed.getPrivatePEM())) : parsed.getPrivatePEM() };
}

/** The form that OpenSSL writes, which ssh2 does not read; undefined when it is none. */
function fromPkcs8({ privateKey, passphrase }: KeyJob): KeyAnswer | undefined {
  if (!isPkcs8(privateKey)) return undefined;
  try {
    const key = createPrivateKey({ key: privateKey, ...(passphrase === undefined ? {} : { passphrase }) });
    if (key.asymmetricKeyType === 'ed25519') return { privateKey: ed25519File(key) };
    return { privateKey: key.export({ format: 'pem', type: key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs1' }).toString() };
  } catch {
    return { fault: /ENCRYPTED/.test(privateKey) ? 'decrypt' : 'unreadable' };
  }
}

/** ssh2 reads its own PEM of RSA and ECDSA keys again, but ed25519 only as OpenSSH writes it (PROTOCOL.key). */
function ed25519File(key: KeyObject): string {
  const { d, x } = key.export({ format: 'jwk' });
  const publicPart = Buffer.from(x ?? '', 'base64url');
  const publicBlob = Buffer.concat([field('ssh-ed25519'), field(publicPart)]);
  const pair = Buffer.concat([Buffer.from(d ?? '', 'base64url'), publicPart]);
  const content = Buffer.concat([Buffer.alloc(8), publicBlob, field(pair), field('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (content.length % 8)) % 8 }, (_, index) => index + 1));
  const head = Buffer.concat([Buffer.from('openssh-key-v1\0'), field('none'), field('none'), field(''), Buffer.from([0, 0, 0, 1])]);
  const file = Buffer.concat([head, field(publicBlob), field(Buffer.concat([content, padding]))]);
  const lines = file.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

/** Length and bytes, as SSH writes strings. */
function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

parentPort?.postMessage(answer(workerData as KeyJob));

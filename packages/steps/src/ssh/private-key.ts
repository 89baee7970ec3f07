// Private keys under a passphrase are opened in a thread: the derivation of their key takes seconds of pure JavaScript,
// and whoever does that in the worker's own thread stops its heartbeats and the API with it.
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { InvalidInput } from '@tidewheel/contract/errors';
import ssh2 from 'ssh2';
import { readCertificate } from './ssh-certificate.ts';
import type { SshSignIn } from './ssh-target.ts';

export interface KeyJob {
  privateKey: string;
  passphrase?: string | undefined;
}
export type KeyAnswer = { privateKey: string } | { fault: string };

const patienceMs = 60_000;

/** As OpenSSL writes keys (RFC 5958). */
export function isPkcs8(privateKey: string): boolean {
  return /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(privateKey);
}

/** The same secret with a private key that needs no passphrase. @throws InvalidInput when the key cannot be read; its text is never repeated */
export async function openPrivateKey(secret: SshSignIn, signal: AbortSignal): Promise<SshSignIn> {
  const { privateKey, passphrase, ...others } = secret;
  if (privateKey === undefined) return secret;
  const plain = ssh2.utils.parseKey(privateKey);
  if (!(plain instanceof Error)) {
    if (plain.isPrivateKey()) return { ...others, privateKey };
    throw new InvalidInput('ssh.key', 'The private key is a public key.', { hint: 'Paste the other file of the pair, the one without .pub.' });
  }
  if (passphrase === undefined && (!isPkcs8(privateKey) || privateKey.includes('ENCRYPTED')))
    throw keyFault(isPkcs8(privateKey) ? 'encrypted' : plain.message, false);
  const answer = await openInThread({ privateKey, passphrase }, signal);
  if ('fault' in answer) throw keyFault(answer.fault, passphrase !== undefined);
  return { ...others, privateKey: answer.privateKey };
}

function keyFault(reason: string, hasPassphrase: boolean): InvalidInput {
  const missing = /no passphrase|encrypted/i.test(reason);
  if (missing && !hasPassphrase)
    return new InvalidInput('ssh.key', 'The private key is encrypted and no passphrase was given.', { hint: 'Give its passphrase.' });
  if (missing || /bad passphrase|integrity|decrypt/i.test(reason))
    return new InvalidInput('ssh.key', 'The passphrase does not open the private key.', { hint: 'Check the passphrase.' });
  return new InvalidInput('ssh.key', 'The private key cannot be read.', { hint: 'Paste the whole file, from -----BEGIN to -----END; PuTTY keys work too.' });
}

async function openInThread(job: KeyJob, signal: AbortSignal): Promise<KeyAnswer> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./private-key.worker.ts', import.meta.url), { workerData: job, env: {} });
  const ended = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const stop = () => void worker.terminate();
  ended.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<KeyAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => (signal.aborted ? reject(signal.reason) : resolve({ fault: 'it takes too long' })));
    });
  } finally {
    ended.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

/** @throws InvalidInput `ssh.certificate` when an OpenSSH certificate cannot be read or is for another key */
export function checkCertificateOf(privateKey: string | undefined, certificate: string): void {
  const { publicKey } = readCertificate(certificate);
  const key = privateKey === undefined ? undefined : ssh2.utils.parseKey(privateKey);
  if (key && !(key instanceof Error) && key.getPublicSSH().equals(publicKey)) return;
  throw new InvalidInput('ssh.certificate', 'The certificate does not belong to the private key.', { hint: 'Give the key that was signed.' });
}

/** What one can say of a private key without giving it away: its kind and its fingerprint as `ssh-keygen -l` prints it. */
export interface KeyFacts {
  keyType: string;
  fingerprint: string;
  comment?: string;
}

/** OpenSSH, PEM and PuTTY keys. @throws InvalidInput `ssh.key`; the key's text is never repeated */
export async function describePrivateKey(
  { privateKey, passphrase }: { privateKey: string; passphrase?: string | undefined },
  signal: AbortSignal,
): Promise<KeyFacts> {
  const opened = await openPrivateKey({ privateKey, passphrase }, signal);
  const key = ssh2.utils.parseKey(opened.privateKey ?? '');
  if (key instanceof Error)
    throw new InvalidInput('ssh.key', 'The private key cannot be read.', { hint: 'Paste the whole file, from -----BEGIN to -----END.' });
  const fingerprint = `SHA256:${createHash('sha256').update(key.getPublicSSH()).digest('base64').replace(/=+$/, '')}`;
  return { keyType: key.type, fingerprint, ...(key.comment ? { comment: key.comment.slice(0, 200) } : {}) };
}

import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrivateKey } from './private-key.ts';

const passphrase = 'a long passphrase';
const signal = new AbortController().signal;
let folder: string;
let keygenMissing = false;

async function makeKey(kind: string, ...more: string[]): Promise<{ privateKey: string; publicKey: string }> {
  const file = path.join(folder, `${kind}${more.join('')}`);
  execFileSync('ssh-keygen', ['-q', '-t', kind, '-N', passphrase, '-C', 'test', '-f', file, ...more]);
  return { privateKey: await readFile(file, 'utf8'), publicKey: ((await readFile(`${file}.pub`, 'utf8')).split(' ')[1] ?? '').trim() };
}

describe('opening a private key', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tw-key-'));
    try {
      execFileSync('ssh-keygen', ['-l', '-f', '/dev/null'], { stdio: 'ignore' });
    } catch (thrown) {
      keygenMissing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.for([['ed25519'], ['ecdsa'], ['ecdsa', '-b', '521'], ['rsa', '-b', '2048'], ['rsa', '-b', '2048', '-m', 'PEM']] as const)(
    'opens %j and keeps the key the same',
    async ([kind, ...more], { skip }) => {
      skip(keygenMissing, 'ssh-keygen is not installed');
      const { privateKey, publicKey } = await makeKey(kind, ...more);
      const opened = await openPrivateKey({ privateKey, passphrase, password: 'kept' }, signal);
      expect(Object.keys(opened).sort()).toEqual(['password', 'privateKey']);
      const parsed = ssh2.utils.parseKey(opened.privateKey ?? '');
      if (parsed instanceof Error) throw parsed;
      expect(parsed.getPublicSSH().toString('base64')).toBe(publicKey);
      const signature = parsed.sign('message');
      expect(Buffer.isBuffer(signature) && parsed.verify('message', signature)).toBe(true);
    },
  );

  it.each([
    ['ed25519', {}],
    ['rsa', { modulusLength: 2048 }],
    ['ec', { namedCurve: 'P-256' }],
  ] as const)('opens what OpenSSL writes (PKCS#8), %s', async (kind, options) => {
    const { privateKey: key } = generateKeyPairSync(kind as 'rsa', options as { modulusLength: number });
    const plain = key.export({ format: 'pem', type: 'pkcs8' }).toString();
    const locked = key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }).toString();
    const [one, other] = [await openPrivateKey({ privateKey: plain }, signal), await openPrivateKey({ privateKey: locked, passphrase }, signal)];
    const [first, second] = [one, other].map(({ privateKey = '' }) => ssh2.utils.parseKey(privateKey));
    if (!first || first instanceof Error || !second || second instanceof Error) throw first;
    expect(first.getPublicSSH()).toEqual(second.getPublicSSH());
    const signature = first.sign('message');
    expect(Buffer.isBuffer(signature) && second.verify('message', signature)).toBe(true);
    await expect(openPrivateKey({ privateKey: locked }, signal)).rejects.toMatchObject({ message: expect.stringContaining('no passphrase was given') });
    await expect(openPrivateKey({ privateKey: locked, passphrase: 'another one' }, signal)).rejects.toMatchObject({
      message: expect.stringContaining('does not open'),
    });
  });

  it('leaves the thread of the worker free meanwhile', async ({ skip }) => {
    skip(keygenMissing, 'ssh-keygen is not installed');
    const { privateKey } = await makeKey('ed25519', '-a', '24');
    let ticks = 0;
    const timer = setInterval(() => ticks++, 20);
    await openPrivateKey({ privateKey, passphrase }, signal);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });

  it('stops when it is told to', async ({ skip }) => {
    skip(keygenMissing, 'ssh-keygen is not installed');
    const { privateKey } = await makeKey('ed25519', '-a', '60');
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(openPrivateKey({ privateKey, passphrase }, controller.signal)).rejects.toThrow('enough');
  });
});

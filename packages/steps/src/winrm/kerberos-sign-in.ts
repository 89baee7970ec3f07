// Signing in by Kerberos: a ticket for the user from the domain's KDC (kinit), then one for the host, shown within HTTP. It signs in and does not seal: the library's
// `wrap` takes the tokens of SASL only, so TLS has to cover the messages.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type AppError, InvalidInput, NotAllowed, Unreachable } from '@tidewheel/contract/errors';
import { startLocally } from '@tidewheel/kit/local-command';
import { type KerberosClient, loadKerberos } from './kerberos-library.ts';

interface Account {
  user: string;
  domain: string;
  password: string;
}

export interface KerberosStart {
  /** For the Authorization header, Base64. */
  token: string;
  /** With the host's answer. @throws NotAllowed when the host has not proven who it is */
  accepted(answer: Buffer | undefined): Promise<void>;
}

/** MUTUAL, REPLAY, SEQUENCE, INTEG (RFC 2744). */
const gssFlags = 2 | 4 | 8 | 32;

/** `service` like HTTP/host. @throws InvalidInput, Unreachable */
export async function kerberosSignIn({ account, service }: { account: Account; service: string }): Promise<KerberosStart> {
  const library = await loadKerberos();
  const { client, token } = await withTicket(account, async () => {
    const made = await library.initializeClient(service.replace('/', '@'), { principal: principalOf(account), gssFlags });
    return { client: made, token: await made.step('') };
  });
  return { token, accepted: (answer) => accepted(client, answer) };
}

async function accepted(client: KerberosClient, answer: Buffer | undefined): Promise<void> {
  if (answer) await client.step(answer.toString('base64'));
  if (!client.contextComplete)
    throw new NotAllowed('winrm.kerberos_mutual', 'The host took the ticket and did not prove that it is the one the ticket is for.');
}

/** A realm is in upper case; a user without a domain is in the default realm of krb5.conf. */
function principalOf({ user, domain }: Account): string {
  const [name = '', realm = domain] = user.split('@');
  return realm === '' ? name : `${name}@${realm.toUpperCase()}`;
}

let turn: Promise<unknown> = Promise.resolve();

/** The library finds the ticket by an environment variable of the whole process: one sign-in at a time. */
function withTicket<T>(account: Account, work: () => Promise<T>): Promise<T> {
  const mine = turn.then(() => ticketed(account, work));
  turn = mine.catch(() => undefined);
  return mine;
}

async function ticketed<T>(account: Account, work: () => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-krb-'));
  const before = process.env.KRB5CCNAME;
  const cache = `FILE:${path.join(folder, 'tickets')}`;
  try {
    await kinit(account, cache);
    process.env.KRB5CCNAME = cache;
    return await work();
  } catch (thrown) {
    throw kerberosFailure(thrown);
  } finally {
    if (before === undefined) delete process.env.KRB5CCNAME;
    else process.env.KRB5CCNAME = before;
    await rm(folder, { recursive: true, force: true });
  }
}

async function kinit(account: Account, cache: string): Promise<void> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => /^(KRB5|HOME$)/.test(entry[0]));
  const { stdin, stderr, ended } = startLocally({
    command: 'kinit',
    args: ['-c', cache, principalOf(account)],
    env: Object.fromEntries(own),
    limits: { memoryMb: 512, cpuSeconds: 30 },
    signal: AbortSignal.timeout(30_000),
  });
  let said = '';
  stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(0, 2_000);
  });
  stdin.end(`${account.password}\n`);
  const end = await ended;
  if (end !== 0) throw new Error(end === 'missing' ? 'ENOENT: kinit' : said.trim() || `kinit ended with ${end}`);
}

const failures: readonly [RegExp, (said: string, cause: unknown) => AppError][] = [
  [
    /ENOENT/,
    (_said, cause) =>
      new InvalidInput('winrm.kinit_missing', 'This worker cannot sign in by Kerberos: the program kinit is not installed on it.', {
        hint: 'Install krb5-user.',
        cause,
      }),
  ],
  [
    /skew/i,
    (said, cause) =>
      new InvalidInput('winrm.clock', `Kerberos refuses because the clocks differ: ${said}`, {
        hint: 'Set the clocks of this machine, the domain controller and the host by NTP; five minutes are the most.',
        cause,
      }),
  ],
  [
    /preauthentication failed|password incorrect|revoked|expired|Client.*not found/i,
    (said, cause) =>
      new InvalidInput('winrm.sign_in', `Kerberos refuses the user: ${said}`, {
        hint: 'Check the user, the domain and the password. It is not tried again by itself: too many wrong attempts lock an account.',
        cause,
      }),
  ],
  [
    /Server.*not found/i,
    (said, cause) =>
      new InvalidInput('winrm.service_principal', `The domain does not know the service of this host: ${said}`, {
        hint: 'Use the name by which the host is known in the domain as address, or set the service principal of the target (setspn -L shows them).',
        cause,
      }),
  ],
];

function kerberosFailure(thrown: unknown): Error {
  const said = (thrown as Error).message.replace(/\s+/g, ' ').slice(0, 500);
  const known = failures.find(([form]) => form.test(said))?.[1](said, thrown);
  return (
    known ??
    new Unreachable('winrm.kerberos', `Kerberos failed: ${said}`, {
      hint: 'Look at /etc/krb5.conf, at the DNS of the realm and whether its domain controller answers.',
      cause: thrown,
    })
  );
}

// A folder on a server that is reached by SFTP.
import { AppError, InvalidInput, toAppError } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { attempt, type Check, failed } from '@tidewheel/kit/connection-check';
import { type ConnectorTestContext, defineConnector } from '@tidewheel/kit/define-connector';
import { connectAllowed, type EgressPlace, resolveAllowed } from '@tidewheel/kit/egress/egress';
import type { OpenConnection } from '@tidewheel/kit/step-context';
import { sftpFiles } from '../ssh/sftp-files.ts';
import { SftpSession } from '../ssh/sftp-session.ts';
import { connectFailure, failedPart, placeOf } from '../ssh/ssh-errors.ts';
import { SshSecret, SshTarget } from '../ssh/ssh-target.ts';

/** The settings of an opened SFTP connection. @throws InvalidInput when it is a connection of another type */
export function sftpOf(connection: OpenConnection): { target: SshTarget; secret: SshSecret | null } {
  if (connection.type === 'sftp') return { target: SshTarget.parse(connection.config), secret: connection.secret && SshSecret.parse(connection.secret) };
  throw new InvalidInput('connection.type', `The connection "${connection.slug}" is of type ${connection.type}; an SFTP server is needed here.`, {
    hint: 'Name an SFTP connection.',
  });
}

export const sftp = defineConnector({
  type: 'sftp',
  title: 'SFTP server',
  icon: 'server',
  description:
    'Reads and delivers files over SFTP, signed in by password or private key. The host key is pinned: another server behind the same name gets nothing.',
  config: SshTarget,
  secret: SshSecret,
  destination: ['host', 'port', 'user', 'hostKey'],
  examples: [
    { title: "A regulator's inbox", config: { host: 'sftp.example.com', user: 'tidewheel', hostKey: 'SHA256:uNiVztksCsDhcc0u9e8BrqyuqS2VGvTXMFzYqWMbsCY' } },
  ],
  files: sftpFiles,
  unfinished: (config) =>
    config.hostKey === undefined
      ? [
          {
            path: 'hostKey',
            message: 'is needed: without it anybody in between could take the password',
            hint: 'Test the connection: the test shows the key of the server. Compare it with what its owner says.',
          },
        ]
      : [],
  test: testSftp,
});

async function testSftp({ config, secret }: { config: SshTarget; secret: SshSecret | null }, ctx: ConnectorTestContext): Promise<TestResult> {
  const started = performance.now();
  const checks: Check[] = [];
  const discovered: Record<string, unknown> = {};
  const done = (): TestResult => ({
    ok: checks.every((check) => check.ok),
    ms: Math.round(performance.now() - started),
    checks,
    ...(discovered.hostKey ? { discovered } : {}),
  });
  for (const [name, work] of [
    ['DNS', () => resolveName(config, ctx.signal)],
    ['port', () => knock(config, ctx.signal)],
  ] as const) {
    checks.push(await attempt(name, work));
    if (!checks.at(-1)?.ok) return done();
  }
  const session = await signIn({ config, secret, ctx, checks, discovered });
  if (!session) return done();
  try {
    checks.push(await attempt('folder', async () => `It starts in ${await session.realPath('.')} with ${(await session.list('.')).length} entries.`));
  } finally {
    session.close();
  }
  return done();
}

async function signIn({
  config,
  secret,
  ctx,
  checks,
  discovered,
}: {
  config: SshTarget;
  secret: SshSecret | null;
  ctx: ConnectorTestContext;
  checks: Check[];
  discovered: Record<string, unknown>;
}): Promise<SftpSession | undefined> {
  const onHostKey = (hostKey: string, algorithm: string) => Object.assign(discovered, { hostKey, hostKeyAlgorithm: algorithm });
  try {
    const session = await SftpSession.open({ target: config, secret, signal: ctx.signal, onHostKey });
    checks.push(
      { name: 'host key', ok: true, detail: session.ssh.hostKey },
      { name: 'sign-in', ok: true, detail: `As ${config.user} by ${secret?.privateKey ? 'key' : 'password'}.` },
    );
    return session;
  } catch (thrown) {
    const error =
      secret || toAppError(thrown).code !== 'ssh.sign_in'
        ? toAppError(thrown)
        : new InvalidInput('ssh.no_secret', 'There is no password and no key to sign in with.', { hint: 'Enter one of them.' });
    const part = failedPart(error);
    if (part !== 'host key' && discovered.hostKey) checks.push({ name: 'host key', ok: true, detail: String(discovered.hostKey) });
    checks.push(failed(part, error));
    return undefined;
  }
}

async function resolveName(config: SshTarget, signal: AbortSignal): Promise<string> {
  const { addresses, servername } = await resolveAllowed(placeToReach(config), { signal });
  return servername === undefined ? 'It is an address.' : addresses.map((one) => one.address).join(', ');
}

async function knock(config: SshTarget, signal: AbortSignal): Promise<string> {
  const socket = await connectAllowed(placeToReach(config), { signal, timeoutMs: config.timeoutSeconds * 1000 }).catch((thrown: unknown) => {
    signal.throwIfAborted();
    if (thrown instanceof AppError) throw connectFailure(thrown, placeOf(config));
    const { code } = thrown as NodeJS.ErrnoException;
    throw new InvalidInput('ssh.port', `${placeOf(config)} cannot be reached (${code}).`, { hint: 'Check the port, and that the server runs.', cause: thrown });
  });
  socket.destroy();
  return `${placeOf(config)} is open.`;
}

function placeToReach({ host, port }: SshTarget): EgressPlace {
  return { host, port, class: 'host' };
}

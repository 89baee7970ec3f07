// A folder on a server that is reached by FTP, in clear or under TLS.
import { InvalidInput, toAppError } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { type ConnectorTestContext, defineConnector } from '@tidewheel/kit/define-connector';
import { writeProbe } from '../files/write-probe.ts';
import { connectFailure } from '../ftp/ftp-errors.ts';
import { FtpPlace } from '../ftp/ftp-place.ts';
import { FtpSession } from '../ftp/ftp-session.ts';
import { FtpConfig, FtpSecret } from '../ftp/ftp-settings.ts';
import { placeOf } from '../ssh/ssh-errors.ts';
import { TestChecks } from './test-checks.ts';

export const ftp = defineConnector({
  type: 'ftp',
  title: 'FTP server',
  icon: 'server-2',
  description:
    'Reads and writes files over FTP, under TLS unless told otherwise (explicit or implicit FTPS). Passive connections only, and to this host alone.',
  config: FtpConfig,
  secret: FtpSecret,
  destination: ['host', 'port', 'user', 'tls', 'verify', 'ca'],
  examples: [{ title: 'A server with FTPS', config: { host: 'ftp.example.com', user: 'tidewheel' } }],
  test: testFtp,
  files: (reach) => new FtpPlace(reach),
});

async function testFtp({ config, secret }: { config: FtpConfig; secret: FtpSecret | null }, { signal }: ConnectorTestContext): Promise<TestResult> {
  const checks = new TestChecks((thrown) => connectFailure(thrown, { place: placeOf(config), user: config.user }));
  const place = { host: config.host, port: config.port, class: 'host' as const };
  if (!(await checks.reaches(place, { signal, timeoutSeconds: config.timeoutSeconds }))) return checks.result();
  if (!secret) {
    checks.failed('sign-in', new InvalidInput('ftp.no_password', 'There is no password to sign in with.', { hint: 'Enter one, or name a credential.' }));
    return checks.result();
  }
  const session = await FtpSession.open(config, secret.password, signal).catch((thrown: unknown) => toAppError(thrown));
  if (!(session instanceof FtpSession)) {
    checks.failed(session.code === 'ftp.tls' ? 'TLS' : 'sign-in', session);
    return checks.result();
  }
  session.close();
  if (config.tls !== 'off')
    checks.passed('TLS', config.verify ? 'Encrypted; the certificate is that of this host.' : 'Encrypted; the certificate was not checked.');
  checks.passed('sign-in', `As ${config.user}: ${session.greeting}`);
  const files = new FtpPlace({ workspaceId: '', slug: 'test', config, secret, signal });
  const listed = async () => `It holds ${(await files.list({ path: '', pattern: '*', limit: 100_000 })).length} files.`;
  if ((await checks.attempt('folder', listed)) && !config.readOnly) await checks.attempt('write', () => writeProbe(files));
  return checks.result();
}

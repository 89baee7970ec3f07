// The test of a database connection, one check at a time: name, port, TLS and sign-in, a query.
import { AppError, toAppError } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { connectAllowed, resolveAllowed } from '@tidewheel/kit/egress/egress';
import { placeOf } from '../ssh/ssh-errors.ts';
import { type DatabaseConfig, placeToReach } from './database-settings.ts';
import { connectionFailure } from './sql-errors.ts';

type Check = TestResult['checks'][number];

export interface Probe {
  config: DatabaseConfig;
  hasPassword: boolean;
  signal: AbortSignal;
  /** Signs in and asks something. @returns what it found */
  ask(): Promise<{ signIn: string; query: string }>;
}

export async function testDatabase({ config, hasPassword, signal, ask }: Probe): Promise<TestResult> {
  const started = performance.now();
  const checks: Check[] = [];
  const done = (): TestResult => ({ ok: checks.every((check) => check.ok), ms: Math.round(performance.now() - started), checks });
  const attempt = async (name: string, work: () => Promise<string>): Promise<boolean> => {
    const check = await work().then(
      (detail): Check => ({ name, ok: true, detail }),
      (thrown: unknown) => failed(name, toAppError(thrown)),
    );
    checks.push(check);
    return check.ok;
  };
  if (!(await attempt('DNS', () => resolveName(config, signal)))) return done();
  if (!(await attempt('port', () => knock(config, signal)))) return done();
  if (!hasPassword) {
    checks.push({ name: 'sign-in', ok: false, detail: 'There is no password to sign in with.', hint: 'Enter one, or name a credential.' });
    return done();
  }
  const found = await ask().catch((thrown: unknown) => toAppError(thrown));
  const refusal = found instanceof AppError ? found : undefined;
  if (refusal?.code === 'sql.tls') checks.push(failed('TLS', refusal));
  else if (!(found instanceof AppError)) {
    if (config.tls !== 'off') checks.push({ name: 'TLS', ok: true, detail: tlsSaid[config.tls] });
    checks.push({ name: 'sign-in', ok: true, detail: found.signIn }, { name: 'query', ok: true, detail: found.query });
  } else checks.push(failed(/^sql\.(failed|refused|query_timeout)$/.test(found.code) ? 'query' : 'sign-in', found));
  return done();
}

const tlsSaid = {
  'verify-full': 'Encrypted; the certificate is that of this host.',
  'verify-ca': 'Encrypted; the certificate is one of the authority, whatever its host.',
  require: 'Encrypted; whose certificate it is was not checked.',
} as const;

function failed(name: string, error: AppError): Check {
  return { name, ok: false, detail: error.message, ...(error.hint ? { hint: error.hint } : {}) };
}

async function resolveName(config: DatabaseConfig, signal: AbortSignal): Promise<string> {
  const { addresses, servername } = await resolveAllowed(placeToReach(config), { signal });
  return servername === undefined ? 'It is an address.' : addresses.map((one) => one.address).join(', ');
}

async function knock(config: DatabaseConfig, signal: AbortSignal): Promise<string> {
  const place = placeOf(config);
  const socket = await connectAllowed(placeToReach(config), { signal, timeoutMs: config.timeoutSeconds * 1000 }).catch((thrown: unknown) => {
    signal.throwIfAborted();
    throw connectionFailure(thrown, place);
  });
  socket.destroy();
  return `${place} is open.`;
}

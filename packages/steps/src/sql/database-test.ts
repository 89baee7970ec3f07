// The test of a database connection, one check at a time: name, port, TLS and sign-in, a query.
import { AppError, InvalidInput, toAppError } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { TestChecks } from '../connectors/test-checks.ts';
import { placeOf } from '../ssh/ssh-errors.ts';
import { type DatabaseServer, placeToReach } from './database-settings.ts';
import { connectionFailure } from './sql-errors.ts';

export interface Probe {
  config: DatabaseServer;
  hasPassword: boolean;
  signal: AbortSignal;
  /** Signs in and asks something. @returns what it found */
  ask(): Promise<{ signIn: string; query: string }>;
}

const tlsSaid = {
  'verify-full': 'Encrypted; the certificate is that of this host.',
  'verify-ca': 'Encrypted; the certificate is one of the authority, whatever its host.',
  require: 'Encrypted; whose certificate it is was not checked.',
} as const;

export async function testDatabase({ config, hasPassword, signal, ask }: Probe): Promise<TestResult> {
  const checks = new TestChecks((thrown) => connectionFailure(thrown, placeOf(config)));
  if (!(await checks.reaches(placeToReach(config), { signal, timeoutSeconds: config.timeoutSeconds }))) return checks.result();
  if (!hasPassword) {
    checks.failed('sign-in', new InvalidInput('sql.no_password', 'There is no password to sign in with.', { hint: 'Enter one, or name a credential.' }));
    return checks.result();
  }
  const found = await ask().catch((thrown: unknown) => toAppError(thrown));
  if (found instanceof AppError) {
    const isQuery = /^sql\.(failed|refused|query_timeout)$/.test(found.code);
    checks.failed(found.code === 'sql.tls' ? 'TLS' : isQuery ? 'query' : 'sign-in', found);
    return checks.result();
  }
  if (config.tls !== 'off') checks.passed('TLS', tlsSaid[config.tls]);
  checks.passed('sign-in', found.signIn);
  checks.passed('query', found.query);
  return checks.result();
}

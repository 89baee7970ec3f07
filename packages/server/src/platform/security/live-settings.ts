// The limits as this process keeps them at hand: requests are judged without asking Postgres, and a change reaches every process within seconds.
import type { Rates } from '@tidewheel/contract/routes/security';
import { allowEgress } from '@tidewheel/kit/egress/egress';
import type { Logger } from '../../base/logger.ts';
import type { Databases } from '../../storage/database.ts';
import { findSecurity, type SecurityRow } from './security.store.ts';

export interface Limits {
  corsOrigins: ReadonlySet<string>;
  rates: Rates;
  uploadMaxBytes: number;
  uploadsPerWorkspace: number;
}

export const defaultRates: Rates = {
  open: { perSecond: 20, burst: 100 },
  signedIn: { perSecond: 50, burst: 200 },
  expensive: { perSecond: 5, burst: 20 },
  messages: { perSecond: 20, burst: 100 },
};

export interface LiveSettings {
  now(): Limits;
  /** After a change in this process; others see it at their next look. */
  apply(row: SecurityRow): void;
  stop(): void;
}

const lookEveryMs = 2_000;

export async function followSettings({ databases, egressAllow, log }: { databases: Databases; egressAllow: string[]; log: Logger }): Promise<LiveSettings> {
  let limits = limitsOf(await findSecurity(databases.engine));
  let seen: number | undefined;
  const apply = (row: SecurityRow) => {
    limits = limitsOf(row);
    const version = row.updated_at?.getTime() ?? 0;
    if (version !== seen) allowEgress([...egressAllow, ...row.egress_allow]);
    seen = version;
  };
  apply(await findSecurity(databases.engine));
  // While Postgres is away the last known limits hold.
  const look = () => findSecurity(databases.engine).then(apply, (error: unknown) => log.debug({ err: error }, 'could not look up the security settings'));
  const timer = setInterval(() => void look(), lookEveryMs);
  timer.unref();
  return { now: () => limits, apply, stop: () => clearInterval(timer) };
}

function limitsOf(row: SecurityRow): Limits {
  return {
    corsOrigins: new Set(row.cors_origins),
    rates: { ...defaultRates, ...row.rates },
    uploadMaxBytes: row.upload_max_bytes,
    uploadsPerWorkspace: row.uploads_per_workspace,
  };
}

// The limits of the installation's surface and of its way out.
import { AppError, InvalidInput } from '@tidewheel/contract/errors';
import type { SecuritySettings, SecuritySettingsInput } from '@tidewheel/contract/routes/security';
import { resolveAllowed } from '@tidewheel/kit/egress/egress';
import { type EgressClass, parseEgressRule } from '@tidewheel/kit/egress/egress-policy';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { Databases } from '../../storage/database.ts';
import { defaultRates, type LiveSettings } from './live-settings.ts';
import { findSecurity, lockSecurity, type SecurityRow, saveSecurity } from './security.store.ts';

export interface SecurityDeps {
  databases: Databases;
  live: LiveSettings;
  settings: { egressAllow: string[]; rateLimits: boolean };
}

const securityObject = { type: 'security-settings', id: 'security-settings', title: 'Security settings' };

export async function showSecurity(deps: SecurityDeps, actor: Actor): Promise<SecuritySettings> {
  requirePermission(actor, 'security.edit');
  return shown(deps, await findSecurity(deps.databases.engine));
}

function shown({ settings }: SecurityDeps, row: SecurityRow): SecuritySettings {
  return {
    egressAllow: row.egress_allow,
    egressAllowFixed: settings.egressAllow,
    corsOrigins: row.cors_origins,
    rates: { ...defaultRates, ...row.rates },
    ratesEnforced: settings.rateLimits,
    uploadMaxBytes: row.upload_max_bytes,
    uploadsPerWorkspace: row.uploads_per_workspace,
    updatedAt: row.updated_at?.toISOString() ?? null,
    updatedBy: row.updated_by,
  };
}

/** @throws InvalidInput with the faulty lines of the allow list */
export async function updateSecurity(deps: SecurityDeps, actor: Actor, input: SecuritySettingsInput): Promise<SecuritySettings> {
  requirePermission(actor, 'security.edit');
  refuseFaultyLines(input.egressAllow ?? []);
  const row = await deps.databases.engine.transaction().execute(async (trx) => {
    const before = await lockSecurity(trx);
    await saveSecurity(trx, {
      egress_allow: unique(input.egressAllow) ?? before.egress_allow,
      cors_origins: unique(input.corsOrigins) ?? before.cors_origins,
      rates: { ...before.rates, ...input.rates },
      upload_max_bytes: input.uploadMaxBytes ?? before.upload_max_bytes,
      uploads_per_workspace: input.uploadsPerWorkspace ?? before.uploads_per_workspace,
      updated_by: actor.label,
    });
    const after = await findSecurity(trx);
    await recordAudit(trx, actor, { action: 'security.settings_changed', object: securityObject, before: audited(deps, before), after: audited(deps, after) });
    return after;
  });
  deps.live.apply(row);
  return shown(deps, row);
}

function audited(deps: SecurityDeps, row: SecurityRow) {
  const { updatedAt: _at, updatedBy: _by, egressAllowFixed: _fixed, ratesEnforced: _enforced, ...settings } = shown(deps, row);
  return settings;
}

function unique(lines: string[] | undefined): string[] | undefined {
  return lines && [...new Set(lines)];
}

function refuseFaultyLines(lines: string[]): void {
  const faults = lines.flatMap((line, index) => {
    try {
      parseEgressRule(line);
      return [];
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      return [{ path: `egressAllow.${index}`, message: thrown.message, severity: 'error' as const, hint: thrown.hint }];
    }
  });
  const [first] = faults;
  if (first) throw new InvalidInput('security.egress', `${first.path}: ${first.message}`, { ...(first.hint ? { hint: first.hint } : {}), details: { faults } });
}

/** Resolves as a connection would, and says what the policy says; nothing is sent. */
export async function checkEgress(
  actor: Actor,
  target: { host: string; port: number; class: EgressClass },
  signal: AbortSignal,
): Promise<{ allowed: boolean; addresses: string[]; reason: string | null }> {
  requirePermission(actor, 'security.edit');
  try {
    const { addresses } = await resolveAllowed(target, { signal });
    return { allowed: true, addresses: addresses.map(({ address }) => address), reason: null };
  } catch (thrown) {
    if (thrown instanceof AppError) return { allowed: false, addresses: [], reason: thrown.message };
    throw thrown;
  }
}

// The filters that the list and the export share.
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { type AuditAction, auditActions } from '@tidewheel/contract/audit-actions';
import type { AuditFilter } from '@tidewheel/contract/routes/audit';

export interface FilterOptions {
  actor?: string | undefined;
  action?: AuditAction | undefined;
  objectType?: string | undefined;
  object?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** For `--action`. */
export function knownAction(text: string): AuditAction {
  const found = auditActions.find((action) => action === text);
  if (!found) throw new InvalidArgumentError(`It must be one of ${auditActions.join(', ')}.`);
  return found;
}

/** For `--from` and `--to`: a day or an instant. */
export function instantOf(text: string): string {
  const date = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(date.getTime())) throw new InvalidArgumentError('It must be like 2026-11-20 or 2026-11-20T08:30:00Z.');
  return date.toISOString();
}

export function filterOf({ actor, action, objectType, object, from, to }: FilterOptions): AuditFilter {
  return { actor, action, objectType, objectId: object, from, to };
}

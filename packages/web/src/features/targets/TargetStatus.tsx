import type { TargetState } from '@tidewheel/contract/target';
import { StatusBadge } from '../../shared/StatusBadge.tsx';

/** The states of hosts in the signs that all of the product has. */
const signs: Record<TargetState, { state: string; label: string }> = {
  ok: { state: 'ok', label: 'OK' },
  failed: { state: 'failed', label: 'Failed' },
  unknown: { state: 'pending', label: 'Not tested' },
  maintenance: { state: 'paused', label: 'Maintenance' },
  archived: { state: 'archived', label: 'Archived' },
};

export function stateLabel(state: TargetState): string {
  return signs[state].label;
}

export function TargetStatus({ state, bare = false }: { state: TargetState; bare?: boolean }) {
  return <StatusBadge {...signs[state]} bare={bare} />;
}

import type { ApprovalSummary } from '@tidewheel/contract/routes/approvals';

const badges = {
  approved: { state: 'succeeded', label: 'Approved' },
  rejected: { state: 'failed', label: 'Rejected' },
  expired: { state: 'expired', label: 'Expired' },
  withdrawn: { state: 'cancelled', label: 'Withdrawn' },
} as const;

/** How it stands, as a badge. */
export function stateOf({ outcome }: Pick<ApprovalSummary, 'outcome'>): { state: string; label: string } {
  return outcome === null ? { state: 'waiting', label: 'Open' } : badges[outcome];
}

import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ApprovalSummary } from '@tidewheel/contract/routes/approvals';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import { stateOf } from './approval-state.ts';

export const approvalColumns: TableColumn<ApprovalSummary>[] = [
  {
    key: 'title',
    title: 'What',
    isHead: true,
    render: (one) => (
      <>
        <Link to="/approvals/$id" params={{ id: one.id }} style={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
          {one.title}
        </Link>
        <Text size="xs" c="dimmed">
          {one.flowTitle}, run {one.runNumber}
        </Text>
      </>
    ),
  },
  { key: 'state', title: 'State', render: (one) => <StatusBadge {...stateOf(one)} bare /> },
  { key: 'given', title: 'Approved', align: 'right', render: (one) => `${one.approved} of ${one.quorum}` },
  { key: 'by', title: 'Started by', render: (one) => one.startedBy ?? '–' },
  { key: 'asked', title: 'Asked', isWide: true, render: (one) => <span style={{ overflowWrap: 'anywhere' }}>{one.approvers.join(', ')}</span> },
  { key: 'opened', title: 'Since', render: (one) => <Time at={one.openedAt} relative /> },
  { key: 'until', title: 'Expires', render: (one) => <Time at={one.until} relative /> },
];

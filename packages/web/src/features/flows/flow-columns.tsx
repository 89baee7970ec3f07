import { Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { FlowSummary } from '@tidewheel/contract/routes/flows';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { kindTitles } from '../../shared/kinds.ts';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { useCan } from '../../shared/session.ts';
import { Time } from '../../shared/Time.tsx';

const columns: TableColumn<FlowSummary>[] = [
  {
    key: 'flow',
    title: 'Flow',
    isHead: true,
    render: (flow) => (
      <>
        <Link to="/flows/$slug" params={{ slug: flow.slug }} style={{ fontWeight: 600 }}>
          {flow.title}
        </Link>
        {flow.off && (
          <Text size="xs" c="var(--tw-wait)" lineClamp={1}>
            off: {flow.off.reason}
          </Text>
        )}
        <Text size="xs" c="dimmed" lineClamp={1}>
          {flow.description ?? flow.slug}
        </Text>
      </>
    ),
  },
  { key: 'kind', title: 'Kind', render: (flow) => <span className="tw-words">{kindTitles[flow.kind]}</span> },
  {
    key: 'folder',
    title: 'Folder',
    render: (flow) => flow.folder && <span className="tw-mono">{flow.folder}</span>,
  },
  { key: 'steps', title: 'Steps', align: 'right', render: (flow) => flow.steps },
  { key: 'version', title: 'Version', align: 'right', render: (flow) => (flow.version === 0 ? 'draft' : flow.version) },
  {
    key: 'last',
    title: 'Last run',
    render: (flow) =>
      flow.lastRun ? (
        <Link to="/runs/$id" params={{ id: flow.lastRun.id }} style={{ textDecoration: 'none' }}>
          <StatusBadge state={flow.lastRun.state} bare />
        </Link>
      ) : (
        <Text size="sm" c="dimmed" component="span">
          never
        </Text>
      ),
  },
  { key: 'updated', title: 'Changed', render: (flow) => <Time at={flow.updatedAt} relative /> },
];
const run: TableColumn<FlowSummary> = {
  key: 'run',
  title: '',
  align: 'right',
  render: (flow) =>
    flow.archivedAt === null &&
    flow.off === null &&
    flow.version > 0 && (
      <LinkButton
        to="/flows/$slug"
        params={{ slug: flow.slug }}
        search={{ run: true }}
        size="compact-sm"
        variant="default"
        leftSection={<IconPlayerPlay size={13} aria-hidden />}
        aria-label={`Run ${flow.title}`}
      >
        Run
      </LinkButton>
    ),
};

export function useFlowColumns(): TableColumn<FlowSummary>[] {
  return useCan('flow.run') ? [...columns, run] : columns;
}

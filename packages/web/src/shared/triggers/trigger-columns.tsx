import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Trigger, TriggerKind } from '@tidewheel/contract/trigger';
import type { TableColumn } from '../DataTable.tsx';
import { StatusBadge } from '../StatusBadge.tsx';
import { Time } from '../Time.tsx';

export const kindTitles: Readonly<Record<TriggerKind, string>> = {
  webhook: 'Webhook',
  file: 'File arrival',
  watermark: 'New rows',
  flow: 'End of another flow',
  mail: 'E-mail',
};

const ofFlow: TableColumn<Trigger>[] = [
  {
    key: 'name',
    title: 'Trigger',
    isHead: true,
    render: (trigger) => (
      <>
        <Link to="/triggers/$slug" params={{ slug: trigger.slug }} style={{ fontWeight: 600 }}>
          {trigger.title}
        </Link>
        <Text size="xs" c={trigger.failing ? 'var(--tw-fail)' : 'dimmed'} lineClamp={2}>
          {trigger.failing ? trigger.failing.error.message : trigger.slug}
        </Text>
      </>
    ),
  },
  { key: 'kind', title: 'Kind', render: (trigger) => kindTitles[trigger.kind] },
  { key: 'health', title: 'State', render: (trigger) => <StatusBadge state={trigger.health} bare /> },
  { key: 'next', title: 'Next look', isWide: true, render: (trigger) => (trigger.nextLookAt ? <Time at={trigger.nextLookAt} relative /> : '–') },
  { key: 'fired', title: 'Last fired', render: (trigger) => (trigger.lastFiredAt ? <Time at={trigger.lastFiredAt} relative /> : 'never') },
];
export const flowTriggerColumns = ofFlow;

export const triggerColumns: TableColumn<Trigger>[] = [
  ...ofFlow.slice(0, 2),
  {
    key: 'flow',
    title: 'Starts',
    render: (trigger) => (
      <Link to="/flows/$slug" params={{ slug: trigger.flow }} search={{}}>
        {trigger.flowTitle}
      </Link>
    ),
  },
  ...ofFlow.slice(2),
];

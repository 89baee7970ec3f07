import { Button, Group, Stack, Text } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ColorProcessing } from '@tidewheel/contract/routes/color-processings';
import type { FlowSummary } from '@tidewheel/contract/routes/flows';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import { useState } from 'react';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { formatCount, formatDuration } from '../../../shared/format.ts';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { StatusBadge } from '../../../shared/StatusBadge.tsx';
import { RunNowDialog } from '../../../shared/schedules/RunNowDialog.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { colorFlowsQuery, colorSchedulesQuery, lastProcessingsQuery } from '../desk/desk.queries.ts';
import { useLiveDesk } from '../desk/use-live-desk.ts';

export function AutomationPage() {
  useLiveDesk();
  const canEdit = useCan('flow.edit');
  const canSeeSchedules = useCan('schedule.read');
  const flows = useQuery(colorFlowsQuery);
  const schedules = useQuery({ ...colorSchedulesQuery, enabled: canSeeSchedules });
  const processings = useQuery(lastProcessingsQuery);
  const create = canEdit && <LinkButton to="/flows/new">New flow</LinkButton>;
  return (
    <>
      <PageHeader title="Automation" facts={<Text size="sm">Flows of the kind color: when they run next, by hand, and what they made</Text>} actions={create} />
      <Stack gap="lg">
        <div className="tw-card">
          <Loaded query={flows}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState icon={IconBolt} title="No color flows yet" action={create}>
                  A flow of the kind color collects, takes, ranks, keeps and writes the sheet. Start from an example.
                </EmptyState>
              ) : (
                <DataTable label="Color flows" columns={flowColumns(schedules.data ?? [])} rows={items} rowKey={({ id }) => id} />
              )
            }
          </Loaded>
        </div>
        <section className="tw-card" aria-label="Last processings">
          <Loaded query={processings}>
            {({ items }) =>
              items.length === 0 ? (
                <Text size="sm" p="sm">
                  Nothing was processed yet.
                </Text>
              ) : (
                <DataTable label="Last processings" columns={processingColumns} rows={items} rowKey={({ id }) => id} />
              )
            }
          </Loaded>
        </section>
      </Stack>
    </>
  );
}

function flowColumns(schedules: Schedule[]): TableColumn<FlowSummary>[] {
  const of = ({ slug }: FlowSummary) => schedules.filter(({ definition }) => definition.flow === slug);
  return [
    {
      key: 'flow',
      title: 'Flow',
      isHead: true,
      render: (flow) => (
        <Link to="/flows/$slug" params={{ slug: flow.slug }}>
          {flow.title}
        </Link>
      ),
    },
    { key: 'next', title: 'Next run', render: (flow) => <NextRun flow={flow} schedules={of(flow)} /> },
    {
      key: 'last',
      title: 'Last run',
      render: ({ lastRun }) =>
        lastRun ? (
          <Link to="/runs/$id" params={{ id: lastRun.id }} search={{}}>
            <StatusBadge state={lastRun.state} bare />
          </Link>
        ) : (
          '–'
        ),
    },
    {
      key: 'history',
      title: 'History',
      render: ({ slug }) => (
        <Link to="/runs" search={{ flow: slug }}>
          Runs and logs
        </Link>
      ),
    },
    { key: 'run', title: 'By hand', render: (flow) => <RunByHand flow={flow} schedules={of(flow)} /> },
  ];
}

function NextRun({ flow, schedules }: { flow: FlowSummary; schedules: Schedule[] }) {
  const next = schedules.find(({ nextAt }) => nextAt !== null) ?? schedules[0];
  const canPlan = useCan('schedule.edit', { flow: flow.slug, folder: flow.folder, kind: flow.kind });
  if (!next && (!canPlan || flow.version === 0 || flow.archivedAt !== null)) return '–';
  if (!next)
    return (
      <Link to="/schedules/new" search={{ flow: flow.slug }} aria-label={`Plan ${flow.title}`}>
        Plan
      </Link>
    );
  return (
    <Group gap={6}>
      <Link to="/schedules/$slug" params={{ slug: next.slug }} search={{}}>
        {next.definition.title}
      </Link>
      {next.nextAt ? <Time at={next.nextAt} relative /> : <StatusBadge state={next.state} bare />}
    </Group>
  );
}

/** A flow that a schedule starts is asked what becomes of its next moment. */
function RunByHand({ flow, schedules }: { flow: FlowSummary; schedules: Schedule[] }) {
  const [isRunning, setRunning] = useState(false);
  const attributes = { flow: flow.slug, folder: flow.folder, kind: flow.kind };
  const canRun = useCan('flow.run', attributes);
  const canCancel = useCan('schedule.edit', attributes);
  const schedule = schedules.find(({ nextAt }) => nextAt !== null);
  if (!canRun || flow.archivedAt !== null || flow.version === 0) return '–';
  if (!schedule)
    return (
      <Link to="/flows/$slug" params={{ slug: flow.slug }} search={{ run: true }} aria-label={`Run ${flow.title}`}>
        Run
      </Link>
    );
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setRunning(true)} aria-label={`Run ${flow.title} now`}>
        Run now
      </Button>
      {isRunning && <RunNowDialog schedule={schedule} canCancel={canCancel} onClose={() => setRunning(false)} />}
    </>
  );
}

const processingColumns: TableColumn<ColorProcessing>[] = [
  {
    key: 'number',
    title: 'Processing',
    isHead: true,
    render: ({ number }) => (
      <Link to="/colors/processings/$number" params={{ number: String(number) }} search={{}} aria-label={`Processing ${number}`}>
        {number}
      </Link>
    ),
  },
  { key: 'date', title: 'Day', render: ({ date }) => date },
  {
    key: 'run',
    title: 'Run',
    render: ({ run, by }) =>
      run ? (
        <Link to="/runs/$id" params={{ id: run.id }} search={{}}>
          {run.flow} {run.number}
        </Link>
      ) : (
        by
      ),
  },
  { key: 'kept', title: 'Kept', align: 'right', render: ({ kept }) => formatCount(kept) },
  { key: 'excluded', title: 'Excluded', align: 'right', render: ({ excluded }) => formatCount(excluded) },
  { key: 'ms', title: 'Took', align: 'right', render: ({ ms }) => formatDuration(ms) },
  { key: 'ended', title: 'Ended', render: ({ endedAt }) => <Time at={endedAt} relative /> },
];

import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { Run, StepRun } from '@tidewheel/contract/run';
import { ItemsView } from './ItemsView.tsx';
import { RunLogView } from './log/RunLogView.tsx';
import { RowsView } from './RowsView.tsx';
import { StepsTable } from './StepsTable.tsx';
import { Timeline } from './Timeline.tsx';
import { WhyList } from './WhyList.tsx';

const route = getRouteApi('/app/runs/$id');

export function RunTabs({ run, open, onSelect }: { run: Run; open: StepRun | null; onSelect: (step: string | null) => void }) {
  const { tab = 'steps' } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (value: string | null) =>
    void navigate({ search: (old) => ({ ...old, tab: value === 'steps' ? undefined : (value as 'logs') }), replace: true, resetScroll: false });
  return (
    <Tabs value={tab} onChange={change} keepMounted={false} className="tw-card">
      <Tabs.List px="xs">
        <Tabs.Tab value="steps">Steps</Tabs.Tab>
        {run.steps.some(({ children }) => children !== null) && <Tabs.Tab value="items">Items</Tabs.Tab>}
        <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
        <Tabs.Tab value="logs">Logs</Tabs.Tab>
        <Tabs.Tab value="rows">Rows</Tabs.Tab>
        <Tabs.Tab value="why">Why</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="steps">
        <StepsTable run={run} selected={open?.step ?? null} onSelect={onSelect} />
      </Tabs.Panel>
      <Tabs.Panel value="items">
        <ItemsView run={run} step={open} onSelect={onSelect} />
      </Tabs.Panel>
      <Tabs.Panel value="timeline">
        <Timeline run={run} selected={open?.step ?? null} onSelect={onSelect} />
      </Tabs.Panel>
      <Tabs.Panel value="logs">
        <RunLogView run={run} step={open?.step ?? null} />
      </Tabs.Panel>
      <Tabs.Panel value="rows">
        <RowsView run={run} step={open} onSelect={onSelect} />
      </Tabs.Panel>
      <Tabs.Panel value="why">
        <WhyList run={run} onSelect={onSelect} />
      </Tabs.Panel>
    </Tabs>
  );
}

import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { isFinal } from '@tidewheel/client/states';
import type { Run } from '@tidewheel/contract/run';
import { useEffect, useRef } from 'react';
import { Loaded } from '../../../shared/Loaded.tsx';
import { OutcomePanel } from '../OutcomePanel.tsx';
import { openStepOf } from '../open-step.ts';
import { RunFacts } from '../RunFacts.tsx';
import { RunFailure } from '../RunFailure.tsx';
import { RunGraph } from '../RunGraph.tsx';
import { RunHeader } from '../RunHeader.tsx';
import { RunTabs } from '../RunTabs.tsx';
import { runQuery } from '../runs.queries.ts';
import { StepPanel } from '../StepPanel.tsx';
import { useLiveRun } from '../use-live-run.ts';
import { WhyNotice } from '../WhyNotice.tsx';
import classes from './RunPage.module.css';

const route = getRouteApi('/app/runs/$id');

export function RunPage() {
  const { id } = route.useParams();
  const query = useQuery(runQuery(id));
  const liveStatus = useLiveRun(query.data);
  return (
    <Loaded query={query} lines={12}>
      {(run) => <RunView run={run} isBehind={liveStatus === 'waiting' && !isFinal(run.state)} />}
    </Loaded>
  );
}

function RunView({ run, isBehind }: { run: Run; isBehind: boolean }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const panel = useRef<HTMLElement>(null);
  const isNarrow = useMediaQuery('(max-width: 75em)');
  const open = openStepOf(run, search.step);
  const select = (step: string | null) =>
    void navigate({ search: (old) => ({ ...old, step: step ?? '-', which: undefined, field: undefined }), replace: true, resetScroll: false });
  // Where the panel lies below, choosing a step must show it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a step chosen by hand scrolls
  useEffect(() => {
    if (isNarrow && search.step !== undefined && search.step !== '-') panel.current?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  }, [search.step]);
  return (
    <>
      <RunHeader run={run} isBehind={isBehind} />
      <RunFacts run={run} />
      <WhyNotice run={run} />
      {run.error && <RunFailure run={run} open={open} onOpen={select} />}
      <section className={`tw-card ${classes['graph']}`} aria-label="Graph">
        <RunGraph run={run} selected={open?.step ?? null} onSelect={select} />
      </section>
      <div className={classes['split']}>
        <div className={classes['main']}>
          <RunTabs run={run} open={open} onSelect={select} />
        </div>
        <aside ref={panel} className={classes['side']} data-open={open ? true : undefined} aria-label={open ? `Step ${open.step}` : 'What came out'}>
          {open ? <StepPanel key={open.step} run={run} step={open} onClose={() => select(null)} /> : <OutcomePanel run={run} />}
        </aside>
      </div>
    </>
  );
}

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Run } from '@tidewheel/contract/run';
import { lazy, Suspense, useMemo } from 'react';
import { flowVersionQuery, stepTypesQuery } from '../../shared/flow-queries.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { belowOf } from './below.ts';
import classes from './RunGraph.module.css';
import { stepsOfRun } from './run-document.ts';

const FlowGraph = lazy(async () => ({ default: (await import('../../flow-editor/FlowGraph.tsx')).FlowGraph }));

/** The graph of the version that ran, with the state of each step. */
export function RunGraph({ run, selected, onSelect }: { run: Run; selected: string | null; onSelect: (step: string | null) => void }) {
  const flow = useQuery(flowVersionQuery(run.flow, run.version, run.draft));
  const types = useQuery(stepTypesQuery);
  const icons = useMemo(() => Object.fromEntries((types.data ?? []).map((type) => [type.type, type.icon])), [types.data]);
  const looks = useMemo(
    () =>
      Object.fromEntries(
        run.steps.map((step) => [
          step.step,
          { state: step.state, rowsOut: step.counts?.rowsOut ?? null, rejected: step.counts?.rejected ?? 0, below: belowOf(step) },
        ]),
      ),
    [run.steps],
  );
  return (
    <div className={classes['graph']}>
      <Loaded query={flow}>
        {({ document }) => {
          const steps = stepsOfRun(document, run);
          if (!steps) return <p className={classes['none']}>These steps were decided on while the run above ran; the table below lists them.</p>;
          return (
            <Suspense fallback={<Skeleton height="100%" radius="sm" />}>
              <FlowGraph steps={steps} icons={icons} looks={looks} selected={selected} onSelect={onSelect} />
            </Suspense>
          );
        }}
      </Loaded>
    </div>
  );
}

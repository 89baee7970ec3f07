import type { Run } from '@tidewheel/contract/run';
import type { ReactNode } from 'react';
import { Elapsed } from '../../shared/Elapsed.tsx';
import { formatCount } from '../../shared/format.ts';
import { Time } from '../../shared/Time.tsx';
import classes from './RunFacts.module.css';

/** The figures of a run in one line. */
export function RunFacts({ run }: { run: Run }) {
  const done = run.steps.filter((step) => step.state === 'succeeded' || step.state === 'skipped').length;
  return (
    <dl className={`tw-card ${classes['facts']}`}>
      <Fact title="Duration">
        <Elapsed startedAt={run.startedAt} finishedAt={run.finishedAt} />
      </Fact>
      <Fact title="Steps">
        {done} of {run.steps.length}
      </Fact>
      <Fact title="Rows in">{run.rowsIn === null ? '–' : formatCount(run.rowsIn)}</Fact>
      <Fact title="Rows out">{run.rowsOut === null ? '–' : formatCount(run.rowsOut)}</Fact>
      <Fact title="Rejected" isWarning={run.rejected > 0}>
        {formatCount(run.rejected)}
      </Fact>
      <Fact title="Started">
        <Time at={run.startedAt} />
      </Fact>
      <Fact title="Finished">
        <Time at={run.finishedAt} />
      </Fact>
    </dl>
  );
}

function Fact({ title, children, isWarning }: { title: string; children: ReactNode; isWarning?: boolean }) {
  return (
    <div className={classes['fact']}>
      <dt>{title}</dt>
      <dd data-warning={isWarning || undefined}>{children}</dd>
    </div>
  );
}

import { Link } from '@tanstack/react-router';
import type { RunSummary } from '@tidewheel/contract/run';
import { Elapsed } from '../../shared/Elapsed.tsx';
import { formatCount } from '../../shared/format.ts';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import classes from './RunsCard.module.css';

/** One run as one line: how it stands, what it is, what it did. */
export function RunRow({ run }: { run: RunSummary }) {
  return (
    <Link to="/runs/$id" params={{ id: run.id }} className={classes['row']}>
      <span className={classes['state']}>
        <StatusBadge state={run.state} bare />
      </span>
      <span className={classes['name']}>
        {run.flowTitle} #{run.number}
      </span>
      <span className={classes['figures']}>
        {run.rowsOut !== null && <>{formatCount(run.rowsOut)} rows out</>}
        {run.rejected > 0 && <span className={classes['rejected']}> · {formatCount(run.rejected)} rejected</span>}
      </span>
      <span className={classes['time']}>
        <Elapsed startedAt={run.startedAt} finishedAt={run.finishedAt} />
      </span>
      <span className={classes['time']}>
        <Time at={run.createdAt} relative />
      </span>
      {run.error && <span className={classes['error']}>{run.error.message}</span>}
    </Link>
  );
}

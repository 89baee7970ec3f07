import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { runsHeadQuery } from '../../../shared/runs/run-lists.ts';
import { useLiveRuns } from '../../../shared/runs/use-live-runs.ts';
import { meQuery, useCan } from '../../../shared/session.ts';
import { NextRunsCard } from '../NextRunsCard.tsx';
import { QuickStart } from '../QuickStart.tsx';
import { RunsCard } from '../RunsCard.tsx';
import classes from './HomePage.module.css';

export function HomePage() {
  const me = useQuery(meQuery).data;
  const canSeeSchedules = useCan('schedule.read');
  const failed = useQuery(runsHeadQuery({ state: 'failed', limit: 5 }));
  const running = useQuery(runsHeadQuery({ state: 'running', limit: 8 }));
  const recent = useQuery(runsHeadQuery({ limit: 10 }));
  useLiveRuns();
  return (
    <>
      <PageHeader
        title="Home"
        facts={
          me && (
            <span>
              {me.name}, {me.workspace.title}
            </span>
          )
        }
      />
      <div className={classes['grid']}>
        <div className={classes['column']}>
          <RunsCard
            title="Failed"
            query={failed}
            none="No run has failed."
            more={
              <Link to="/runs" search={{ state: 'failed' }}>
                All failed runs
              </Link>
            }
          />
          <RunsCard
            title="Running now"
            query={running}
            none="Nothing runs at the moment."
            more={
              <Link to="/runs" search={{ state: 'running' }}>
                All running
              </Link>
            }
          />
          <RunsCard title="Recent runs" query={recent} none="Nothing has run yet. Start a flow from the list beside." more={<Link to="/runs">All runs</Link>} />
        </div>
        <div className={classes['column']}>
          <QuickStart />
          {canSeeSchedules && <NextRunsCard />}
        </div>
      </div>
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Run } from '@tidewheel/contract/run';
import { runQuery } from './runs.queries.ts';

/** The way from the outermost run down to this one. What somebody may not see of it is left out. */
export function RunAncestors({ run }: { run: Pick<Run, 'parent'> }) {
  const query = useQuery({ ...runQuery(run.parent?.run ?? ''), enabled: run.parent !== null, retry: false });
  if (!run.parent || !query.data) return null;
  const { id, number, flow } = query.data;
  return (
    <>
      <RunAncestors run={query.data} />
      {' / '}
      <Link to="/runs/$id" params={{ id }} search={{ step: run.parent.step, tab: 'items' }}>
        {flow} #{number}, {run.parent.step}
      </Link>
    </>
  );
}

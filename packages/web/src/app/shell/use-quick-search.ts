import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { listConnections, listFlows, listRuns } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { statusOf } from '../../shared/status.ts';

export interface Found {
  kind: 'flow' | 'run' | 'connection';
  title: string;
  note: string;
  to: string;
}

/** Flows and connections by name on the server; runs by number or flow among the newest. */
export function useQuickSearch(text: string): { found: Found[]; isLoading: boolean } {
  const search = text.trim() === '' ? undefined : text.trim();
  const options = { placeholderData: keepPreviousData, staleTime: 10_000 } as const;
  const flows = useQuery({ ...options, queryKey: ['quick', 'flows', search], queryFn: () => api.call(listFlows, { query: { search, limit: 8 } }) });
  const connections = useQuery({
    ...options,
    queryKey: ['quick', 'connections', search],
    queryFn: () => api.call(listConnections, { query: { search, limit: 5 } }),
  });
  const runs = useQuery({ ...options, queryKey: ['quick', 'runs'], queryFn: () => api.call(listRuns, { query: { limit: 100 } }) });

  const wanted = search?.toLowerCase().replace(/^#/, '') ?? '';
  const matching = (runs.data?.items ?? [])
    .filter((run) => String(run.number).startsWith(wanted) || `${run.flow} ${run.flowTitle}`.toLowerCase().includes(wanted))
    .slice(0, 8);
  const found: Found[] = [
    ...(flows.data?.items ?? []).map((flow): Found => ({ kind: 'flow', title: flow.title, note: flow.slug, to: `/flows/${flow.slug}` })),
    ...matching.map((run): Found => ({ kind: 'run', title: `#${run.number} ${run.flowTitle}`, note: statusOf(run.state).label, to: `/runs/${run.id}` })),
    ...(connections.data?.items ?? []).map(
      (connection): Found => ({ kind: 'connection', title: connection.title, note: connection.type, to: `/connections/${connection.slug}` }),
    ),
  ];
  return { found, isLoading: flows.isLoading || runs.isLoading };
}

import { queryOptions } from '@tanstack/react-query';
import { listRuns } from '@tidewheel/client/routes';
import type { RunState } from '@tidewheel/contract/run';
import { api } from '../api.ts';
import { pagedQuery } from '../paged-query.ts';

export interface RunsFilter {
  flow?: string | undefined;
  state?: RunState | undefined;
  kind?: 'pipeline' | 'report' | 'job' | 'color' | undefined;
  origin?: 'schedule' | 'trigger' | 'person' | undefined;
  schedule?: string | undefined;
  trigger?: string | undefined;
}

export const runsQuery = (filter: RunsFilter) =>
  pagedQuery(['runs', 'list', filter], (cursor) => api.call(listRuns, { query: { ...filter, cursor, limit: 50 } }));

/** The newest few. */
export const runsHeadQuery = (filter: RunsFilter & { limit: number }) =>
  queryOptions({ queryKey: ['runs', 'head', filter], queryFn: () => api.call(listRuns, { query: filter }) });

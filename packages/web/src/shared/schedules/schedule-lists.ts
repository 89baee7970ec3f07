import { queryOptions } from '@tanstack/react-query';
import { listSchedules } from '@tidewheel/client/routes';
import type { ScheduleState } from '@tidewheel/contract/schedule';
import { api } from '../api.ts';
import { pagedQuery } from '../paged-query.ts';

export interface SchedulesFilter {
  flow?: string | undefined;
  state?: ScheduleState | undefined;
  search?: string | undefined;
}

export const schedulesQuery = (filter: SchedulesFilter) =>
  pagedQuery(['schedules', 'list', filter], (cursor) => api.call(listSchedules, { query: { ...filter, cursor, limit: 50 } }));

/** Those that fire next, the soonest first. */
export const nextSchedulesQuery = queryOptions({
  queryKey: ['schedules', 'soonest'],
  queryFn: () => api.call(listSchedules, { query: { sort: 'next', limit: 6 } }),
  refetchInterval: 30_000,
});

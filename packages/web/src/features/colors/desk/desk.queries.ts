import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { listColorProcessings, listFlows, listSchedules, showColorDashboard } from '@tidewheel/client/routes';
import { api } from '../../../shared/api.ts';

/** Everything that a new processing changes. */
export const deskKey = ['colors', 'desk'] as const;

export const dashboardQuery = (days: number) =>
  queryOptions({
    queryKey: [...deskKey, 'figures', days],
    queryFn: () => api.call(showColorDashboard, { query: { days } }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

export const colorFlowsQuery = queryOptions({
  queryKey: [...deskKey, 'flows'],
  queryFn: () => api.call(listFlows, { query: { kind: 'color', limit: 100 } }),
  refetchInterval: 15_000,
});

/** Of all flows, the soonest first; pages take those of color flows. */
export const colorSchedulesQuery = queryOptions({
  queryKey: ['schedules', 'colors'],
  queryFn: async () => {
    const { items } = await api.call(listSchedules, { query: { limit: 200 } });
    return items.filter(({ kind }) => kind === 'color').sort((a, b) => (a.nextAt ?? '9').localeCompare(b.nextAt ?? '9'));
  },
  refetchInterval: 15_000,
});

export const lastProcessingsQuery = queryOptions({
  queryKey: [...deskKey, 'processings'],
  queryFn: () => api.call(listColorProcessings, { query: { limit: 20 } }),
  refetchInterval: 15_000,
});

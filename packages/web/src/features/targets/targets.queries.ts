import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  listTargetGroups,
  listTargetHubs,
  listTargetRuns,
  listTargets,
  listTransports,
  showTarget,
  showTargetRelations,
  summarizeTargets,
} from '@tidewheel/client/routes';
import type { targetSorts } from '@tidewheel/contract/routes/targets';
import type { TargetFilter } from '@tidewheel/contract/target';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export type TargetOrder = (typeof targetSorts)[number];

export const targetsQuery = (filter: TargetFilter & { sort?: TargetOrder | undefined }) =>
  pagedQuery(['targets', 'list', filter], (cursor) => api.call(listTargets, { query: { ...filter, cursor, limit: 50 } }));
export const targetSummaryQuery = ({ state: _any, ...filter }: TargetFilter) =>
  queryOptions({
    queryKey: ['targets', 'summary', filter],
    queryFn: () => api.call(summarizeTargets, { query: filter }),
    placeholderData: keepPreviousData,
  });
export const targetQuery = (target: string) =>
  queryOptions({ queryKey: ['targets', 'one', target], queryFn: () => api.call(showTarget, { params: { target } }) });
export const targetRunsQuery = (target: string) =>
  pagedQuery(['targets', 'runs', target], (cursor) => api.call(listTargetRuns, { params: { target }, query: { cursor, limit: 25 } }));
export const relationsQuery = (target: string, depth: number) =>
  queryOptions({
    queryKey: ['targets', 'relations', target, depth],
    queryFn: () => api.call(showTargetRelations, { params: { target }, query: { depth } }),
  });
export const hubsQuery = (search: string | undefined) =>
  queryOptions({
    queryKey: ['targets', 'hubs', search ?? ''],
    queryFn: () => api.call(listTargetHubs, { query: { search } }),
    placeholderData: keepPreviousData,
  });
export const transportsQuery = queryOptions({ queryKey: ['transports'], queryFn: () => api.call(listTransports), staleTime: Number.POSITIVE_INFINITY });
export const targetGroupsQuery = (search: string | undefined) =>
  pagedQuery(['targets', 'groups', search ?? ''], (cursor) => api.call(listTargetGroups, { query: { search, cursor, limit: 50 } }));
export const groupChoicesQuery = queryOptions({
  queryKey: ['targets', 'groups', 'choices'],
  queryFn: () => api.call(listTargetGroups, { query: { limit: 200 } }),
});

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { compareItems, listArtifacts, listDeliveries, listRuns, showPreview, showRun, showTable, showWhy } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import type { Run } from '@tidewheel/contract/run';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

/** Polled slowly while it runs, as a net under the live channel. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', 'one', id],
    queryFn: () => api.call(showRun, { params: { id } }),
    refetchInterval: (query) => (query.state.data && isFinal(query.state.data.state) ? false : 10_000),
  });

/** The runs below a step. */
export const itemsQuery = (of: { parent: string; step: string; state: 'failed' | undefined }) =>
  pagedQuery(['runs', 'items', of], (cursor) => api.call(listRuns, { query: { ...of, cursor, limit: 100 } }));

export const itemComparisonQuery = ({ run, step, field }: { run: string; step: string; field: string | null }) =>
  queryOptions({
    queryKey: ['runs', 'compare', run, step, field],
    queryFn: () => api.call(compareItems, { params: { id: run, step }, query: { field: field ?? undefined } }),
  });

export const runArtifactsQuery = (run: string) =>
  queryOptions({ queryKey: ['runs', 'artifacts', run], queryFn: () => api.call(listArtifacts, { query: { run, limit: 200 } }) });
export const runDeliveriesQuery = (run: string) =>
  queryOptions({ queryKey: ['runs', 'deliveries', run], queryFn: () => api.call(listDeliveries, { query: { run, limit: 200 } }) });

export const previewQuery = (at: { run: string; step: string }) =>
  queryOptions({
    queryKey: ['runs', 'preview', at],
    queryFn: () => api.call(showPreview, { params: { id: at.run, step: at.step } }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export interface TablePlace {
  run: string;
  step: string;
  which: 'table' | 'rejected';
  offset: number;
  limit: number;
}
export const tableQuery = ({ run, step, ...query }: TablePlace) =>
  queryOptions({
    queryKey: ['runs', 'table', run, step, query],
    queryFn: () => api.call(showTable, { params: { id: run, step }, query }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Asked anew while the run goes on, and with each change of its state. */
export const whyQuery = ({ id, state, lastEvent }: Pick<Run, 'id' | 'state' | 'lastEvent'>) =>
  queryOptions({
    queryKey: ['runs', 'why', id, isFinal(state) ? state : lastEvent],
    queryFn: () => api.call(showWhy, { params: { id } }),
    refetchInterval: isFinal(state) ? false : 3_000,
    placeholderData: keepPreviousData,
  });

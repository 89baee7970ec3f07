import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { diffFlow, listFlows, listVersions, showDraft, showFlow, validateFlow } from '@tidewheel/client/routes';
import type { Fault } from '@tidewheel/contract/problem';
import type { VersionName } from '@tidewheel/contract/routes/flow-versions';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export interface FlowsFilter {
  kind?: 'pipeline' | 'report' | 'job' | 'color' | undefined;
  folder?: string | undefined;
  search?: string | undefined;
  archived?: boolean | undefined;
}

export const flowsQuery = (filter: FlowsFilter) =>
  pagedQuery(['flows', 'list', filter], (cursor) => api.call(listFlows, { query: { ...filter, cursor, limit: 50 } }));
export const flowQuery = (slug: string) => queryOptions({ queryKey: ['flows', 'one', slug], queryFn: () => api.call(showFlow, { params: { slug } }) });
export const versionsQuery = (slug: string) =>
  pagedQuery(['flows', 'versions', slug], (cursor) => api.call(listVersions, { params: { slug }, query: { cursor, limit: 30 } }));

export const draftQuery = (slug: string) => queryOptions({ queryKey: ['flows', 'draft', slug], queryFn: () => api.call(showDraft, { params: { slug } }) });
export const diffQuery = (slug: string, sides: { from: VersionName; to: VersionName }) =>
  queryOptions({ queryKey: ['flows', 'diff', slug, sides], queryFn: () => api.call(diffFlow, { params: { slug }, query: sides }) });

/** What the server says about a text that is not saved. The former answer stays until the new one is there. */
export const validationQuery = (source: string) =>
  queryOptions({
    queryKey: ['flows', 'validation', source],
    queryFn: ({ signal }) => api.call(validateFlow, { body: { source } }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
  });

export function countFaults(faults: readonly Fault[]): { errors: number; warnings: number } {
  const warnings = faults.filter((fault) => fault.severity === 'warning').length;
  return { errors: faults.length - warnings, warnings };
}

import { queryOptions } from '@tanstack/react-query';
import { listBackfills, listDeadLetters, showDeadLetter } from '@tidewheel/client/routes';
import type { DeadLetterState } from '@tidewheel/contract/routes/dead-letters';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export interface DeadLetterFilter {
  state?: DeadLetterState | undefined;
  flow?: string | undefined;
  code?: string | undefined;
}
export const deadLettersQuery = (filter: DeadLetterFilter) =>
  pagedQuery(['dead-letters', 'list', filter], (cursor) => api.call(listDeadLetters, { query: { ...filter, cursor, limit: 50 } }));

export const deadLetterQuery = (id: string) =>
  queryOptions({ queryKey: ['dead-letters', 'one', id], queryFn: () => api.call(showDeadLetter, { params: { id } }) });

export const backfillsQuery = (flow: string | undefined) =>
  pagedQuery(['backfills', 'list', flow], (cursor) => api.call(listBackfills, { query: { flow, cursor, limit: 20 } }));

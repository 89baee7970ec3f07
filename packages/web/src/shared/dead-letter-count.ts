import { queryOptions } from '@tanstack/react-query';
import { listDeadLetters } from '@tidewheel/client/routes';
import { api } from './api.ts';

/** How many runs that failed for good nobody has seen to yet. Looked at now and then. */
export const deadLetterCountQuery = queryOptions({
  queryKey: ['dead-letters', 'count'],
  queryFn: async () => (await api.call(listDeadLetters, { query: { limit: 1 } })).total,
  refetchInterval: 30_000,
});

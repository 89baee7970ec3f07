import { queryOptions } from '@tanstack/react-query';
import { listApprovals } from '@tidewheel/client/routes';
import { api } from './api.ts';

/** How many decisions wait for whoever is signed in. Looked at now and then: what comes in between is told by mail. */
export const approvalCountQuery = queryOptions({
  queryKey: ['approvals', 'count'],
  queryFn: async () => (await api.call(listApprovals, { query: { limit: 1 } })).total,
  refetchInterval: 30_000,
});

import { queryOptions } from '@tanstack/react-query';
import { listApprovals, showApproval } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export type ApprovalsState = 'mine' | 'open' | 'decided';

export const approvalsQuery = (state: ApprovalsState) =>
  pagedQuery(['approvals', 'list', state], (cursor) => api.call(listApprovals, { query: { state, cursor, limit: 50 } }));

/** Asked again while it is open: others decide meanwhile. */
export const approvalQuery = (id: string) =>
  queryOptions({
    queryKey: ['approvals', 'one', id],
    queryFn: () => api.call(showApproval, { params: { id } }),
    refetchInterval: (query) => (query.state.data?.outcome === null ? 5_000 : false),
  });

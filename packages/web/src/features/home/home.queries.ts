import { queryOptions } from '@tanstack/react-query';
import { listFlows } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';

/** The flows to start from here: the newest few. */
export const quickFlowsQuery = queryOptions({
  queryKey: ['flows', 'list', 'quick'],
  queryFn: () => api.call(listFlows, { query: { sort: '-updatedAt', limit: 6 } }),
});

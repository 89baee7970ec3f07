import { queryOptions } from '@tanstack/react-query';
import { listConnections, listConnectors, showConnection } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const connectionsQuery = (filter: { search?: string | undefined; folder?: string | undefined }) =>
  pagedQuery(['connections', 'list', filter], (cursor) => api.call(listConnections, { query: { ...filter, cursor, limit: 50 } }));
export const connectionQuery = (slug: string) =>
  queryOptions({ queryKey: ['connections', 'one', slug], queryFn: () => api.call(showConnection, { params: { slug } }) });
export const connectorsQuery = queryOptions({ queryKey: ['connectors'], queryFn: () => api.call(listConnectors), staleTime: Number.POSITIVE_INFINITY });

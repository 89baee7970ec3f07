import { listArtifacts, listDeliveries } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export interface ArtifactsFilter {
  flow?: string | undefined;
  sha256?: string | undefined;
}
export const artifactsQuery = (filter: ArtifactsFilter) =>
  pagedQuery(['artifacts', filter], (cursor) => api.call(listArtifacts, { query: { ...filter, cursor, limit: 50 } }));
export const deliveriesQuery = (state: 'delivered' | 'failed' | undefined) =>
  pagedQuery(['deliveries', state], (cursor) => api.call(listDeliveries, { query: { state, cursor, limit: 50 } }));

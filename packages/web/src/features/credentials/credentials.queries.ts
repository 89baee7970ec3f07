import { queryOptions } from '@tanstack/react-query';
import { listCredentials, listCredentialTypes, showCredential, showCredentialUsage } from '@tidewheel/client/routes';
import type { Credential } from '@tidewheel/contract/routes/credentials';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const credentialsQuery = (search: string | undefined, state: Credential['state'] | undefined) =>
  pagedQuery(['credentials', 'list', search, state], (cursor) => api.call(listCredentials, { query: { search, state, cursor, limit: 50 } }));
export const credentialQuery = (slug: string) =>
  queryOptions({ queryKey: ['credentials', 'one', slug], queryFn: () => api.call(showCredential, { params: { slug } }) });
export const credentialUsageQuery = (slug: string) =>
  queryOptions({ queryKey: ['credentials', 'usage', slug], queryFn: () => api.call(showCredentialUsage, { params: { slug } }) });
export const credentialTypesQuery = queryOptions({
  queryKey: ['credential-types'],
  queryFn: () => api.call(listCredentialTypes),
  staleTime: Number.POSITIVE_INFINITY,
});

import { queryOptions } from '@tanstack/react-query';
import { listSsoLinks, listSsoProviders, showSsoProvider } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const providersQuery = queryOptions({ queryKey: ['sso', 'list'], queryFn: () => api.call(listSsoProviders) });
export const providerQuery = (slug: string) => queryOptions({ queryKey: ['sso', 'one', slug], queryFn: () => api.call(showSsoProvider, { params: { slug } }) });
export const linksQuery = (slug: string) => pagedQuery(['sso', 'links', slug], (cursor) => api.call(listSsoLinks, { params: { slug }, query: { cursor } }));

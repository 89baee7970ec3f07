import { queryOptions } from '@tanstack/react-query';
import { listServiceAccounts, listServiceKeys, showServiceAccount } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';

export const accountsQuery = queryOptions({ queryKey: ['service-accounts'], queryFn: () => api.call(listServiceAccounts) });
export const accountQuery = (slug: string) =>
  queryOptions({ queryKey: ['service-accounts', slug], queryFn: () => api.call(showServiceAccount, { params: { slug } }) });
export const keysQuery = (slug: string) =>
  queryOptions({ queryKey: ['service-accounts', slug, 'keys'], queryFn: () => api.call(listServiceKeys, { params: { slug } }) });

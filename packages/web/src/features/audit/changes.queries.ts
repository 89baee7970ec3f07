import { queryOptions } from '@tanstack/react-query';
import { listChangeModules, listChanges, showChange } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const changeModulesQuery = queryOptions({ queryKey: ['changes', 'modules'], queryFn: () => api.call(listChangeModules, {}) });
export const changesQuery = (filter: { module?: string | undefined; by?: string | undefined }) =>
  pagedQuery(['changes', 'list', filter], (cursor) => api.call(listChanges, { query: { ...filter, cursor, limit: 50 } }));
export const changeQuery = (id: string) => queryOptions({ queryKey: ['changes', 'one', id], queryFn: () => api.call(showChange, { params: { id } }) });

import { queryOptions } from '@tanstack/react-query';
import { listFiles } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const filesQuery = (search: string | undefined) =>
  pagedQuery(['files', 'list', search], (cursor) => api.call(listFiles, { query: { search, cursor, limit: 50 } }));

/** The file that has this name now; null when there is none. */
export const fileNamedQuery = (slug: string) =>
  queryOptions({
    queryKey: ['files', 'named', slug],
    queryFn: async () => (await api.call(listFiles, { query: { search: slug, limit: 200 } })).items.find((file) => file.slug === slug) ?? null,
  });

import { listFiles } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const filesQuery = (search: string | undefined) =>
  pagedQuery(['files', 'list', search], (cursor) => api.call(listFiles, { query: { search, cursor, limit: 50 } }));

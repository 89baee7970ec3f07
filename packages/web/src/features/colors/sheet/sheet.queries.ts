import { queryOptions } from '@tanstack/react-query';
import { listFiles, showColorSheet } from '@tidewheel/client/routes';
import { api } from '../../../shared/api.ts';

export const sheetKey = ['color-sheet'];
export const sheetQuery = queryOptions({ queryKey: sheetKey, queryFn: () => api.call(showColorSheet) });
/** Uploaded workbooks, which can be templates. */
export const workbooksQuery = queryOptions({
  queryKey: ['files', 'workbooks'],
  queryFn: async () => (await api.call(listFiles, { query: { limit: 200 } })).items.filter(({ name }) => /\.xlsx$/i.test(name)),
});

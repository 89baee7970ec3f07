import { queryOptions } from '@tanstack/react-query';
import { listColorProcessings, listFiles, listProcessedColors, showColorProcessing, showColorSheet } from '@tidewheel/client/routes';
import type { ProcessedColor } from '@tidewheel/contract/routes/color-processings';
import { api } from '../../../shared/api.ts';

export const sheetKey = ['color-sheet'];
export const sheetQuery = queryOptions({ queryKey: sheetKey, queryFn: () => api.call(showColorSheet) });
/** Uploaded workbooks, which can be templates. */
export const workbooksQuery = queryOptions({
  queryKey: ['files', 'workbooks'],
  queryFn: async () => (await api.call(listFiles, { query: { limit: 200 } })).items.filter(({ name }) => /\.xlsx$/i.test(name)),
});

export interface SampleRows {
  number: number;
  rows: ProcessedColor[];
  /** Of rules by id. */
  titles: ReadonlyMap<string, string>;
}
/** The first rows of what was processed last; null before anything was. */
export const sampleQuery = queryOptions({
  queryKey: ['colors', 'sheet-sample'],
  queryFn: async (): Promise<SampleRows | null> => {
    const [last] = (await api.call(listColorProcessings, { query: { limit: 1 } })).items;
    if (last === undefined) return null;
    const params = { number: last.number };
    const [{ byRule }, { items }] = await Promise.all([
      api.call(showColorProcessing, { params }),
      api.call(listProcessedColors, { params, query: { limit: 8 } }),
    ]);
    return { number: last.number, rows: items, titles: new Map(byRule.map(({ rule, title }) => [rule, title])) };
  },
});

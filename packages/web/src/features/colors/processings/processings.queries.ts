import { queryOptions } from '@tanstack/react-query';
import { explainProcessedColor, listColorProcessings, listProcessedColors, showColorProcessing } from '@tidewheel/client/routes';
import { api } from '../../../shared/api.ts';
import { pagedQuery } from '../../../shared/paged-query.ts';

export const processingsQuery = (filter: { kind?: 'automatic' | 'manual' | undefined }) =>
  pagedQuery(['colors', 'processings', filter], (cursor) => api.call(listColorProcessings, { query: { ...filter, cursor, limit: 50 } }));
export const processingQuery = (number: number) =>
  queryOptions({ queryKey: ['colors', 'processing', number], queryFn: () => api.call(showColorProcessing, { params: { number } }) });
export interface RowsAsked {
  which: 'kept' | 'excluded';
  rule?: string | undefined;
  search?: string | undefined;
}
export const processedQuery = (number: number, asked: RowsAsked) =>
  pagedQuery(['colors', 'processed', number, asked], (cursor) =>
    api.call(listProcessedColors, { params: { number }, query: { ...asked, cursor, limit: 100 } }),
  );
export const whyQuery = (number: number, line: number) =>
  queryOptions({
    queryKey: ['colors', 'why', number, line],
    queryFn: () => api.call(explainProcessedColor, { params: { number, line } }),
    staleTime: Number.POSITIVE_INFINITY,
  });

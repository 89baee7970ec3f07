import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  listColorBuffer,
  listColorSources,
  listColorSourceVersions,
  listColorUploads,
  previewColorUpload,
  previewPaste,
  showColorUpload,
  summarizeColorBuffer,
} from '@tidewheel/client/routes';
import type { ColorColumns } from '@tidewheel/contract/color-columns';
import type { bufferStates } from '@tidewheel/contract/routes/color-buffer';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export type BufferState = (typeof bufferStates)[number];
export interface BufferFilter {
  which: BufferState;
  search?: string | undefined;
  upload?: string | undefined;
  doubt?: string | undefined;
}

/** Everything about what waits: refetched together after each change of it. */
export const bufferKey = ['colors', 'buffer'] as const;
export const sourcesKey = ['colors', 'sources'] as const;

export const waitingQuery = (filter: BufferFilter) =>
  pagedQuery([...bufferKey, 'list', filter], (cursor) => api.call(listColorBuffer, { query: { ...filter, cursor, limit: 100 } }));
export const summaryQuery = () => queryOptions({ queryKey: [...bufferKey, 'summary'], queryFn: () => api.call(summarizeColorBuffer), refetchInterval: 30_000 });
export const uploadsQuery = () => pagedQuery([...bufferKey, 'uploads'], (cursor) => api.call(listColorUploads, { query: { cursor, limit: 50 } }));
export const uploadQuery = (id: string) =>
  queryOptions({ queryKey: [...bufferKey, 'upload', id], queryFn: () => api.call(showColorUpload, { params: { id } }) });
export const sourcesQuery = () => queryOptions({ queryKey: sourcesKey, queryFn: async () => (await api.call(listColorSources)).items });
export const versionsQuery = (slug: string) =>
  queryOptions({ queryKey: [...sourcesKey, slug, 'versions'], queryFn: async () => (await api.call(listColorSourceVersions, { params: { slug } })).items });

export const pastePreviewQuery = (text: string, source: string | undefined) =>
  queryOptions({
    queryKey: ['colors', 'paste', text, source],
    queryFn: () => api.call(previewPaste, { body: { text, source, date: today() } }),
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
export const uploadPreviewQuery = ({ id, columns, source }: { id: string; columns?: ColorColumns | undefined; source?: string | undefined }) =>
  queryOptions({
    queryKey: [...bufferKey, 'preview', id, columns, source],
    queryFn: () => api.call(previewColorUpload, { params: { id }, body: { columns, source } }),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** The day where the person is: what has no day of its own is of it. */
export function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
}

// What several features ask about flows: a document of a version, and the step types.

import { queryOptions } from '@tanstack/react-query';
import { listStepTypes, showFlow } from '@tidewheel/client/routes';
import { api } from './api.ts';

/** A version never changes, nor does the text of a draft that was tested: then `version` is its revision. */
export const flowVersionQuery = (slug: string, version: number, draft = false) =>
  queryOptions({
    queryKey: ['flows', 'version', slug, version, draft],
    queryFn: () => api.call(showFlow, { params: { slug }, query: { version, draft } }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Null also for who may not see the flow. */
export const flowFolderQuery = (slug: string) =>
  queryOptions({
    queryKey: ['flows', 'folder', slug],
    queryFn: async () => (await api.call(showFlow, { params: { slug } }).catch(() => null))?.folder ?? null,
    staleTime: 60_000,
  });

export const stepTypesQuery = queryOptions({ queryKey: ['step-types'], queryFn: () => api.call(listStepTypes), staleTime: Number.POSITIVE_INFINITY });

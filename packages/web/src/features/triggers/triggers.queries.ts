import { queryOptions } from '@tanstack/react-query';
import { listTriggerEvents, listTriggerKinds, showFlow, showTrigger } from '@tidewheel/client/routes';
import type { TriggerEventState } from '@tidewheel/contract/trigger';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const kindsQuery = queryOptions({ queryKey: ['trigger-kinds'], queryFn: () => api.call(listTriggerKinds), staleTime: Number.POSITIVE_INFINITY });
/** Looked at again now and then: its state changes by itself. */
export const triggerQuery = (slug: string) =>
  queryOptions({ queryKey: ['triggers', 'one', slug], queryFn: () => api.call(showTrigger, { params: { slug } }), refetchInterval: 5_000 });
export const eventsQuery = (slug: string, state: TriggerEventState | undefined) =>
  pagedQuery(['triggers', 'events', slug, state], (cursor) => api.call(listTriggerEvents, { params: { slug }, query: { state, cursor, limit: 50 } }));
export const startedFlowQuery = (slug: string) =>
  queryOptions({ queryKey: ['flows', 'parameters', slug], queryFn: () => api.call(showFlow, { params: { slug }, query: {} }), enabled: slug !== '' });

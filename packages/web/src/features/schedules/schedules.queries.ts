import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  explainSchedule,
  listFirings,
  listOccurrences,
  previewSchedule,
  showFlow,
  showSchedule,
  showScheduleCalendar,
  showScheduler,
} from '@tidewheel/client/routes';
import type { Firing, ScheduleDefinition } from '@tidewheel/contract/schedule';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

/** What a schedule does changes by itself: it is looked at again now and then. */
const again = 10_000;

export const scheduleQuery = (slug: string) =>
  queryOptions({ queryKey: ['schedules', 'one', slug], queryFn: () => api.call(showSchedule, { params: { slug } }), refetchInterval: again });
export const nextQuery = (slug: string) =>
  queryOptions({
    queryKey: ['schedules', 'next', slug],
    queryFn: () => api.call(listOccurrences, { params: { slug }, query: { limit: 50 } }),
    refetchInterval: 30_000,
  });
export const monthQuery = (slug: string, span: { from: string; to: string }) =>
  queryOptions({
    queryKey: ['schedules', 'calendar', slug, span],
    queryFn: () => api.call(showScheduleCalendar, { params: { slug }, query: span }),
    placeholderData: keepPreviousData,
    refetchInterval: again,
  });
export const explainQuery = (slug: string, date: string) =>
  queryOptions({ queryKey: ['schedules', 'explain', slug, date], queryFn: () => api.call(explainSchedule, { params: { slug }, query: { date } }) });
export const firingsQuery = (slug: string, outcome: Firing['outcome'] | undefined) =>
  pagedQuery(['schedules', 'firings', slug, outcome], (cursor) => api.call(listFirings, { params: { slug }, query: { outcome, cursor, limit: 50 } }));
export const schedulerQuery = queryOptions({ queryKey: ['scheduler'], queryFn: () => api.call(showScheduler), refetchInterval: again });

export const previewQuery = ({ title: _title, description: _description, ...definition }: ScheduleDefinition) =>
  queryOptions({
    queryKey: ['schedules', 'preview', definition],
    queryFn: () => api.call(previewSchedule, { body: { ...definition, flow: definition.flow || undefined, most: 12 } }),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 10_000,
  });

/** The parameters of the flow that it starts. */
export const startedFlowQuery = (slug: string) =>
  queryOptions({ queryKey: ['flows', 'parameters', slug], queryFn: () => api.call(showFlow, { params: { slug }, query: {} }), enabled: slug !== '' });

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  compareCalendar,
  listBuiltInCalendars,
  listCalendarCountries,
  listCalendars,
  listCalendarVersions,
  previewCalendar,
  showCalendar,
  showCalendarUsage,
  showCalendarYear,
} from '@tidewheel/client/routes';
import type { CalendarDefinition } from '@tidewheel/contract/calendar';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const calendarsQuery = (search: string | undefined, archived: boolean) =>
  pagedQuery(['calendars', 'list', search, archived], (cursor) => api.call(listCalendars, { query: { search, archived, cursor, limit: 50 } }));
export const builtInQuery = queryOptions({
  queryKey: ['calendar-presets'],
  queryFn: () => api.call(listBuiltInCalendars),
  staleTime: Number.POSITIVE_INFINITY,
});
export const countriesQuery = queryOptions({
  queryKey: ['calendar-countries'],
  queryFn: () => api.call(listCalendarCountries),
  staleTime: Number.POSITIVE_INFINITY,
});

/** As many as a choice can show. */
export const namesQuery = queryOptions({
  queryKey: ['calendars', 'names'],
  queryFn: async () => (await api.call(listCalendars, { query: { limit: 200 } })).items,
});
export const calendarQuery = (slug: string, version?: number) =>
  queryOptions({ queryKey: ['calendars', 'one', slug, version], queryFn: () => api.call(showCalendar, { params: { slug }, query: { version } }) });
export const yearQuery = (slug: string, { year, version }: { year: number; version?: number | undefined }) =>
  queryOptions({
    queryKey: ['calendars', 'year', slug, year, version],
    queryFn: () => api.call(showCalendarYear, { params: { slug, year }, query: { version } }),
    placeholderData: keepPreviousData,
  });
export const versionsQuery = (slug: string) =>
  pagedQuery(['calendars', 'versions', slug], (cursor) => api.call(listCalendarVersions, { params: { slug }, query: { cursor, limit: 50 } }));
export const usageQuery = (slug: string) =>
  queryOptions({ queryKey: ['calendars', 'usage', slug], queryFn: () => api.call(showCalendarUsage, { params: { slug } }) });
export const compareQuery = (slug: string, asked: { from: number; to: number; year: number }) =>
  queryOptions({
    queryKey: ['calendars', 'compare', slug, asked],
    queryFn: () => api.call(compareCalendar, { params: { slug }, query: { ...asked, years: 3 } }),
    placeholderData: keepPreviousData,
  });
export const previewQuery = (draft: { slug?: string | undefined; definition: CalendarDefinition; year: number }) =>
  queryOptions({
    queryKey: ['calendars', 'preview', draft],
    queryFn: () => api.call(previewCalendar, { body: draft }),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 10_000,
  });

// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const archiveCalendar: RouteRef<typeof import('@tidewheel/contract/routes/calendars').archiveCalendar> = { name: 'calendar.archive', method: 'DELETE', path: '/api/calendars/{slug}' };
export const askCalendar: RouteRef<typeof import('@tidewheel/contract/routes/calendars').askCalendar> = { name: 'calendar.ask', method: 'GET', path: '/api/calendars/{slug}/business-days' };
export const changeCalendar: RouteRef<typeof import('@tidewheel/contract/routes/calendars').changeCalendar> = { name: 'calendar.change', method: 'PUT', path: '/api/calendars/{slug}' };
export const compareCalendar: RouteRef<typeof import('@tidewheel/contract/routes/calendars').compareCalendar> = { name: 'calendar.compare', method: 'GET', path: '/api/calendars/{slug}/compare' };
export const createCalendar: RouteRef<typeof import('@tidewheel/contract/routes/calendars').createCalendar> = { name: 'calendar.create', method: 'POST', path: '/api/calendars' };
export const exportCalendar: RouteRef<typeof import('@tidewheel/contract/routes/calendars').exportCalendar> = { name: 'calendar.export', method: 'GET', path: '/api/calendars/{slug}/export', responseType: 'application/octet-stream' };
export const listBuiltInCalendars: RouteRef<typeof import('@tidewheel/contract/routes/calendars').listBuiltInCalendars> = { name: 'calendar.builtIn', method: 'GET', path: '/api/calendar-presets' };
export const listCalendarCountries: RouteRef<typeof import('@tidewheel/contract/routes/calendars').listCalendarCountries> = { name: 'calendar.countries', method: 'GET', path: '/api/calendar-countries' };
export const listCalendars: RouteRef<typeof import('@tidewheel/contract/routes/calendars').listCalendars> = { name: 'calendar.list', method: 'GET', path: '/api/calendars' };
export const listCalendarVersions: RouteRef<typeof import('@tidewheel/contract/routes/calendars').listCalendarVersions> = { name: 'calendar.versions', method: 'GET', path: '/api/calendars/{slug}/versions' };
export const previewCalendar: RouteRef<typeof import('@tidewheel/contract/routes/calendars').previewCalendar> = { name: 'calendar.preview', method: 'POST', path: '/api/calendar-previews' };
export const previewCalendarImport: RouteRef<typeof import('@tidewheel/contract/routes/calendars').previewCalendarImport> = { name: 'calendar.importPreview', method: 'POST', path: '/api/calendar-imports', bodyType: 'application/octet-stream' };
export const restoreCalendar: RouteRef<typeof import('@tidewheel/contract/routes/calendars').restoreCalendar> = { name: 'calendar.restore', method: 'POST', path: '/api/calendars/{slug}/restore' };
export const showCalendar: RouteRef<typeof import('@tidewheel/contract/routes/calendars').showCalendar> = { name: 'calendar.show', method: 'GET', path: '/api/calendars/{slug}' };
export const showCalendarUsage: RouteRef<typeof import('@tidewheel/contract/routes/calendars').showCalendarUsage> = { name: 'calendar.usage', method: 'GET', path: '/api/calendars/{slug}/usage' };
export const showCalendarYear: RouteRef<typeof import('@tidewheel/contract/routes/calendars').showCalendarYear> = { name: 'calendar.year', method: 'GET', path: '/api/calendars/{slug}/years/{year}' };

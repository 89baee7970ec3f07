// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const activateSchedule: RouteRef<typeof import('@tidewheel/contract/routes/schedules').activateSchedule> = { name: 'schedule.activate', method: 'POST', path: '/api/schedules/{slug}/activate' };
export const archiveSchedule: RouteRef<typeof import('@tidewheel/contract/routes/schedules').archiveSchedule> = { name: 'schedule.archive', method: 'DELETE', path: '/api/schedules/{slug}' };
export const changeSchedules: RouteRef<typeof import('@tidewheel/contract/routes/schedules').changeSchedules> = { name: 'schedule.bulk', method: 'POST', path: '/api/schedule-bulk' };
export const createSchedule: RouteRef<typeof import('@tidewheel/contract/routes/schedules').createSchedule> = { name: 'schedule.create', method: 'POST', path: '/api/schedules' };
export const explainSchedule: RouteRef<typeof import('@tidewheel/contract/routes/schedules').explainSchedule> = { name: 'schedule.explain', method: 'GET', path: '/api/schedules/{slug}/explain' };
export const listFirings: RouteRef<typeof import('@tidewheel/contract/routes/schedules').listFirings> = { name: 'schedule.firings', method: 'GET', path: '/api/schedules/{slug}/firings' };
export const listOccurrences: RouteRef<typeof import('@tidewheel/contract/routes/schedules').listOccurrences> = { name: 'schedule.next', method: 'GET', path: '/api/schedules/{slug}/next' };
export const listSchedules: RouteRef<typeof import('@tidewheel/contract/routes/schedules').listSchedules> = { name: 'schedule.list', method: 'GET', path: '/api/schedules' };
export const moveOccurrence: RouteRef<typeof import('@tidewheel/contract/routes/schedules').moveOccurrence> = { name: 'schedule.move', method: 'POST', path: '/api/schedules/{slug}/occurrences/move' };
export const pauseSchedule: RouteRef<typeof import('@tidewheel/contract/routes/schedules').pauseSchedule> = { name: 'schedule.pause', method: 'POST', path: '/api/schedules/{slug}/pause' };
export const previewSchedule: RouteRef<typeof import('@tidewheel/contract/routes/schedules').previewSchedule> = { name: 'schedule.preview', method: 'POST', path: '/api/schedules/preview' };
export const resetOccurrence: RouteRef<typeof import('@tidewheel/contract/routes/schedules').resetOccurrence> = { name: 'schedule.reset', method: 'POST', path: '/api/schedules/{slug}/occurrences/reset' };
export const restoreSchedule: RouteRef<typeof import('@tidewheel/contract/routes/schedules').restoreSchedule> = { name: 'schedule.restore', method: 'POST', path: '/api/schedules/{slug}/restore' };
export const runSchedule: RouteRef<typeof import('@tidewheel/contract/routes/schedules').runSchedule> = { name: 'schedule.run', method: 'POST', path: '/api/schedules/{slug}/run' };
export const showSchedule: RouteRef<typeof import('@tidewheel/contract/routes/schedules').showSchedule> = { name: 'schedule.show', method: 'GET', path: '/api/schedules/{slug}' };
export const showScheduleCalendar: RouteRef<typeof import('@tidewheel/contract/routes/schedules').showScheduleCalendar> = { name: 'schedule.calendar', method: 'GET', path: '/api/schedules/{slug}/calendar' };
export const showScheduler: RouteRef<typeof import('@tidewheel/contract/routes/schedules').showScheduler> = { name: 'scheduler.show', method: 'GET', path: '/api/scheduler' };
export const skipOccurrence: RouteRef<typeof import('@tidewheel/contract/routes/schedules').skipOccurrence> = { name: 'schedule.skip', method: 'POST', path: '/api/schedules/{slug}/occurrences/skip' };
export const startScheduler: RouteRef<typeof import('@tidewheel/contract/routes/schedules').startScheduler> = { name: 'scheduler.start', method: 'POST', path: '/api/scheduler/start' };
export const stopScheduler: RouteRef<typeof import('@tidewheel/contract/routes/schedules').stopScheduler> = { name: 'scheduler.stop', method: 'POST', path: '/api/scheduler/stop' };
export const updateSchedule: RouteRef<typeof import('@tidewheel/contract/routes/schedules').updateSchedule> = { name: 'schedule.update', method: 'PUT', path: '/api/schedules/{slug}' };

// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const changeColorSession: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').changeColorSession> = { name: 'colorSession.change', method: 'POST', path: '/api/color-sessions/{id}/changes' };
export const discardColorSession: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').discardColorSession> = { name: 'colorSession.discard', method: 'POST', path: '/api/color-sessions/{id}/discard' };
export const explainSessionRow: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').explainSessionRow> = { name: 'colorSession.why', method: 'GET', path: '/api/color-sessions/{id}/rows/{row}/why' };
export const listColorSessions: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').listColorSessions> = { name: 'colorSession.list', method: 'GET', path: '/api/color-sessions' };
export const listSessionEntries: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').listSessionEntries> = { name: 'colorSession.entries', method: 'GET', path: '/api/color-sessions/{id}/entries' };
export const listSessionRows: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').listSessionRows> = { name: 'colorSession.rows', method: 'GET', path: '/api/color-sessions/{id}/rows' };
export const meetInSession: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').meetInSession> = { name: 'colorSession.meet', method: 'POST', path: '/api/color-sessions/{id}/presence' };
export const processColorSession: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').processColorSession> = { name: 'colorSession.process', method: 'POST', path: '/api/color-sessions/{id}/process' };
export const rankColorSession: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').rankColorSession> = { name: 'colorSession.rank', method: 'POST', path: '/api/color-sessions/{id}/rules' };
export const redoSessionChange: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').redoSessionChange> = { name: 'colorSession.redo', method: 'POST', path: '/api/color-sessions/{id}/redo' };
export const showColorDeskFlow: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').showColorDeskFlow> = { name: 'colorDesk.showFlow', method: 'GET', path: '/api/color-desk/flow' };
export const showColorSession: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').showColorSession> = { name: 'colorSession.show', method: 'GET', path: '/api/color-sessions/{id}' };
export const startColorSession: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').startColorSession> = { name: 'colorSession.start', method: 'POST', path: '/api/color-sessions' };
export const undoSessionChange: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').undoSessionChange> = { name: 'colorSession.undo', method: 'POST', path: '/api/color-sessions/{id}/undo' };
export const updateColorDeskFlow: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').updateColorDeskFlow> = { name: 'colorDesk.updateFlow', method: 'PUT', path: '/api/color-desk/flow' };
export const updateColorSession: RouteRef<typeof import('@tidewheel/contract/routes/color-sessions').updateColorSession> = { name: 'colorSession.update', method: 'PATCH', path: '/api/color-sessions/{id}' };

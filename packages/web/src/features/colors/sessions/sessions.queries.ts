import { queryOptions } from '@tanstack/react-query';
import {
  explainSessionRow,
  listColorSessions,
  listSessionEntries,
  listSessionRows,
  meetInSession,
  showColorDeskFlow,
  showColorSession,
} from '@tidewheel/client/routes';
import type { SessionFilter } from '@tidewheel/contract/color-session';
import { api } from '../../../shared/api.ts';
import { pagedQuery } from '../../../shared/paged-query.ts';

export const sessionsKey = ['color-sessions'] as const;
export const sessionKey = (id: string) => [...sessionsKey, 'one', id] as const;
export const rowsKey = (id: string) => [...sessionKey(id), 'rows'] as const;
/** Rows of one request. */
export const windowSize = 200;

export const sessionsQuery = () => pagedQuery([...sessionsKey, 'list'], (cursor) => api.call(listColorSessions, { query: { cursor, limit: 50 } }));
export const sessionQuery = (id: string) =>
  queryOptions({ queryKey: [...sessionKey(id), 'detail'], queryFn: () => api.call(showColorSession, { params: { id } }) });
export const windowQuery = ({ id, filter, page }: { id: string; filter: SessionFilter; page: number }) =>
  queryOptions({
    queryKey: [...rowsKey(id), filter, page],
    queryFn: () => api.call(listSessionRows, { params: { id }, query: { ...filter, from: page * windowSize, limit: windowSize } }),
    staleTime: 60_000,
  });

export const entriesQuery = (id: string) =>
  pagedQuery([...sessionKey(id), 'entries'], (cursor) => api.call(listSessionEntries, { params: { id }, query: { cursor, limit: 50 } }));
export const rowWhyQuery = (id: string, row: string) =>
  queryOptions({ queryKey: [...sessionKey(id), 'why', row], queryFn: () => api.call(explainSessionRow, { params: { id, row } }), retry: false });
export const deskFlowQuery = () => queryOptions({ queryKey: ['color-desk', 'flow'], queryFn: () => api.call(showColorDeskFlow) });

/** Says where this person is, and hears who else is there and whether anything changed. */
export const presenceQuery = ({ id, at }: { id: string; at: () => { row: string | null; field: string | null } }) =>
  queryOptions({
    queryKey: ['color-session-presence', id],
    queryFn: () => api.call(meetInSession, { params: { id }, body: at() }),
    refetchInterval: 4_000,
  });

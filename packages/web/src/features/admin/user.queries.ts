import { queryOptions } from '@tanstack/react-query';
import { listUserSessions, listUserTokens, showUser } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';

// Below ['users'], so that whatever changes the list asks for these anew too.
export const userQuery = (id: string) => queryOptions({ queryKey: ['users', id], queryFn: () => api.call(showUser, { params: { id } }) });
export const userSessionsQuery = (id: string) =>
  queryOptions({ queryKey: ['users', id, 'sessions'], queryFn: () => api.call(listUserSessions, { params: { id } }) });
export const userTokensQuery = (id: string) => queryOptions({ queryKey: ['users', id, 'tokens'], queryFn: () => api.call(listUserTokens, { params: { id } }) });

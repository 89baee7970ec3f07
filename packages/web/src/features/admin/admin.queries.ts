import { queryOptions } from '@tanstack/react-query';
import {
  listInvitations,
  listOutbox,
  listPasskeys,
  listSessions,
  listTokens,
  listUsers,
  ready,
  showMailSettings,
  showSecondFactor,
  showSignInRules,
} from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: () => api.call(listUsers) });
export const invitationsQuery = queryOptions({ queryKey: ['invitations'], queryFn: () => api.call(listInvitations) });
export const sessionsQuery = queryOptions({ queryKey: ['sessions'], queryFn: () => api.call(listSessions) });
export const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: () => api.call(listTokens) });
export const readyQuery = queryOptions({ queryKey: ['ready'], queryFn: () => api.call(ready), refetchInterval: 10_000, retry: false });
export const secondFactorQuery = queryOptions({ queryKey: ['second-factor'], queryFn: () => api.call(showSecondFactor) });
export const passkeysQuery = queryOptions({ queryKey: ['passkeys'], queryFn: () => api.call(listPasskeys) });
export const rulesQuery = queryOptions({ queryKey: ['sign-in-rules'], queryFn: () => api.call(showSignInRules) });
export const mailSettingsQuery = queryOptions({ queryKey: ['mail', 'settings'], queryFn: () => api.call(showMailSettings) });
export const outboxQuery = pagedQuery(['mail', 'outbox'], (cursor) => api.call(listOutbox, { query: { cursor } }));

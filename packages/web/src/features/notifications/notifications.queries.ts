import { queryOptions } from '@tanstack/react-query';
import {
  listChannels,
  listChannelTypes,
  listInbox,
  listMessages,
  listRules,
  listTeams,
  listTemplates,
  showNotifier,
  showPreferences,
  showTemplate,
} from '@tidewheel/client/routes';
import type { Severity } from '@tidewheel/contract/notification';
import type { MessageState } from '@tidewheel/contract/notify';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export interface InboxFilter {
  unread?: boolean | undefined;
  severity?: Severity | undefined;
  flow?: string | undefined;
}
export const inboxQuery = (filter: InboxFilter) =>
  pagedQuery(['inbox', 'list', filter], (cursor) => api.call(listInbox, { query: { ...filter, cursor, limit: 50 } }));
export const preferencesQuery = queryOptions({ queryKey: ['notification-preferences'], queryFn: () => api.call(showPreferences) });

export const channelsQuery = queryOptions({ queryKey: ['channels', 'list'], queryFn: () => api.call(listChannels) });
export const channelTypesQuery = queryOptions({
  queryKey: ['channels', 'types'],
  queryFn: () => api.call(listChannelTypes),
  staleTime: Number.POSITIVE_INFINITY,
});
export const rulesQuery = queryOptions({ queryKey: ['notification-rules'], queryFn: () => api.call(listRules) });
export const teamsQuery = queryOptions({ queryKey: ['notification-teams'], queryFn: () => api.call(listTeams) });
export const templatesQuery = queryOptions({ queryKey: ['notification-templates', 'list'], queryFn: () => api.call(listTemplates) });
export const templateQuery = (slug: string) =>
  queryOptions({ queryKey: ['notification-templates', 'one', slug], queryFn: () => api.call(showTemplate, { params: { slug } }) });

export interface MessageFilter {
  state?: MessageState | undefined;
  channel?: string | undefined;
  to?: string | undefined;
}
export const messagesQuery = (filter: MessageFilter) =>
  pagedQuery(['notification-messages', filter], (cursor) => api.call(listMessages, { query: { ...filter, cursor, limit: 50 } }));
export const notifierQuery = queryOptions({ queryKey: ['notifier'], queryFn: () => api.call(showNotifier), refetchInterval: 5_000 });

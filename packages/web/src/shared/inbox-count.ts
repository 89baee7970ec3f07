import { queryOptions } from '@tanstack/react-query';
import { countInbox } from '@tidewheel/client/routes';
import { api } from './api.ts';

/** How many notifications I have not read. The live channel tells it at once; asked now and then in case that is down. */
export const unreadQuery = queryOptions({
  queryKey: ['inbox', 'unread'],
  queryFn: async () => (await api.call(countInbox)).unread,
  refetchInterval: 60_000,
});

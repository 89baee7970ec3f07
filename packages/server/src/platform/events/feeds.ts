// Everything that a process tells live, on one LISTEN connection.
import { notificationChannel } from '../../storage/notification-record.ts';
import { listenTo } from './listening.store.ts';
import { NotificationFeed } from './notification-feed.ts';
import { NotifiedRunFeed, type RunFeed, type RunFeedOptions, runChannel } from './run-feed.ts';

export interface Feeds {
  runs: RunFeed;
  notifications: NotificationFeed;
  close(): Promise<void>;
}

export async function openFeeds(options: RunFeedOptions): Promise<Feeds> {
  const { databases, log } = options;
  const runs = new NotifiedRunFeed(options);
  const notifications = new NotificationFeed({ databases, log });
  const listening = await listenTo({
    url: databases.engineUrl,
    log,
    channels: { [runChannel]: (payload) => runs.note(payload), [notificationChannel]: (payload) => notifications.note(payload) },
    onReconnected: () => runs.lookAtEverything(),
  });
  return {
    runs,
    notifications,
    async close() {
      runs.close();
      notifications.close();
      await listening.close();
    },
  };
}

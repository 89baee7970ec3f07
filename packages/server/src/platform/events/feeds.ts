// Everything that a process tells live, on one LISTEN connection.
import { inboxChannel, notificationChannel } from '../../storage/notification-record.ts';
import { InboxFeed, type InboxFeedOptions } from './inbox-feed.ts';
import { listenTo } from './listening.store.ts';
import { NotificationFeed } from './notification-feed.ts';
import { NotifiedRunFeed, type RunFeed, type RunFeedOptions, runChannel } from './run-feed.ts';

export interface Feeds {
  runs: RunFeed;
  notifications: NotificationFeed;
  inbox: InboxFeed;
  close(): Promise<void>;
}

export async function openFeeds(options: RunFeedOptions & InboxFeedOptions): Promise<Feeds> {
  const { databases, log } = options;
  const runs = new NotifiedRunFeed(options);
  const notifications = new NotificationFeed({ databases, log });
  const inbox = new InboxFeed(options);
  const listening = await listenTo({
    url: databases.engineUrl,
    log,
    channels: {
      [runChannel]: (payload) => runs.note(payload),
      [notificationChannel]: (payload) => notifications.note(payload),
      [inboxChannel]: (payload) => inbox.note(payload),
    },
    onReconnected: () => {
      runs.lookAtEverything();
      inbox.lookAtEverything();
    },
  });
  return {
    runs,
    notifications,
    inbox,
    async close() {
      runs.close();
      notifications.close();
      inbox.close();
      await listening.close();
    },
  };
}

// How whoever writes notification events tells that there are new ones: `{"w": workspaceId, "n": [ids]}`.
export const notificationChannel = 'tidewheel_notification';
// How it is told that somebody's inbox changed: `{"w": workspaceId, "u": [userIds]}`.
export const inboxChannel = 'tidewheel_inbox';

/** Postgres takes 8,000 bytes in one notification. */
const mostIds = 190;

export function notificationPayloads(events: Iterable<{ workspace: string; id: string }>): string[] {
  const payloads: string[] = [];
  for (const [workspace, some] of Map.groupBy(events, (event) => event.workspace)) {
    for (let at = 0; at < some.length; at += mostIds) payloads.push(JSON.stringify({ w: workspace, n: some.slice(at, at + mostIds).map(({ id }) => id) }));
  }
  return payloads;
}

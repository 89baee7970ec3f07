// The one live channel of this tab; opened when something first follows it.
import { type Live, openLive } from '@tidewheel/client/live';
import { noteLiveStatus } from './live-status.ts';
import { workspace } from './workspace-address.ts';

let channel: Live | null = null;

export function live(): Live {
  if (channel === null || channel.status === 'refused' || channel.status === 'closed') {
    channel = openLive({ origin: window.location.origin, workspace });
    channel.onStatus(noteLiveStatus);
  }
  return channel;
}
/** After sign-out: the next person's channel must not be this one's. */
export function closeLive(): void {
  channel?.close();
  channel = null;
  noteLiveStatus(null);
}

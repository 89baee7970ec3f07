import type { NotificationMessage } from '@tidewheel/contract/notify';
import { StatusBadge } from '../../shared/StatusBadge.tsx';

/** `unknown` of a message is a warning: it may have arrived. */
export function MessageState({ state }: Pick<NotificationMessage, 'state'>) {
  return state === 'unknown' ? <StatusBadge state="warned" label="Unknown" bare /> : <StatusBadge state={state} bare />;
}

import { group } from '../../command.ts';
import { sessionEnd } from './end.ts';
import { sessionList } from './list.ts';
import { sessionRevokeAll } from './revoke-all.ts';

export function session() {
  return group('session', { summary: 'See where you are signed in, and end it' })
    .addCommand(sessionList())
    .addCommand(sessionEnd())
    .addCommand(sessionRevokeAll());
}

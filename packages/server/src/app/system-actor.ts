// Who acts when the installation itself does something: it may do everything in its workspace, and the records say so.
import { permissions } from '@tidewheel/contract/route';
import type { Actor } from '../base/actor.ts';

export function systemActor(workspaceId: string): Actor {
  return { userId: null, label: 'system', workspaceId, role: null, permissions: new Set(permissions) };
}

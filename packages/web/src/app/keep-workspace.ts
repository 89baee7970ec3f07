import type { Me } from '@tidewheel/contract/routes/identity';
import { addressIn, workspace } from '../shared/workspace-address.ts';

/**
 * Who is in several workspaces has the one of the tab in its address, so that a link leads to where it was copied; also when it was renamed
 * since. Does not return where the page is loaded anew.
 */
export async function keepWorkspace(me: Me, href: string): Promise<void> {
  const isRight = workspace === undefined ? me.workspaces.length < 2 : workspace === me.workspace.slug;
  if (isRight) return;
  window.location.replace(addressIn(me.workspace.slug, href));
  await new Promise(() => undefined);
}

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { Me } from '@tidewheel/contract/routes/identity';
import { meQuery } from '../../shared/session.ts';
import { workspace } from '../../shared/workspace-address.ts';
import { safeNext } from './safe-next.ts';

/** What follows signing in, by whatever way: on to where the person wanted to go. */
export function useEntering(next: string | undefined): (me: Me) => void {
  const router = useRouter();
  const queries = useQueryClient();
  return (me) => {
    // The address may name a workspace that the person cannot enter: then it is for the server to say.
    if (workspace === undefined || workspace === me.workspace.slug) queries.setQueryData(meQuery.queryKey, me);
    router.history.push(safeNext(next));
  };
}

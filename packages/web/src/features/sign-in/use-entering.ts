import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { Me } from '@tidewheel/contract/routes/identity';
import { meQuery } from '../../shared/session.ts';
import { safeNext } from './safe-next.ts';

/** What follows signing in, by whatever way: on to where the person wanted to go. */
export function useEntering(next: string | undefined): (me: Me) => void {
  const router = useRouter();
  const queries = useQueryClient();
  return (me) => {
    queries.setQueryData(meQuery.queryKey, me);
    router.history.push(safeNext(next));
  };
}

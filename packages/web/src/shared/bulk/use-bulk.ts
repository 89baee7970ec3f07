import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { BulkResult } from '@tidewheel/contract/bulk-result';
import { announce } from '../notify.ts';

interface Bulk<Body> {
  /** First part of the query keys that are read again afterwards. */
  key: string;
  /** `host`, `hosts` */
  one: string;
  many: string;
  /** Null while something is missing. */
  body: Body | null;
  call: (body: Body & { dryRun?: boolean }) => Promise<BulkResult>;
  onDone: () => void;
}

/** What it would change is asked for as one chooses, and done when one says so. */
export function useBulk<Body extends object>({ key, one, many, body, call, onDone }: Bulk<Body>) {
  const queries = useQueryClient();
  const preview = useQuery({
    queryKey: [key, 'bulk', body],
    queryFn: () => call({ ...(body as Body), dryRun: true }),
    enabled: body !== null,
    gcTime: 0,
    retry: false,
  });
  const change = useMutation({
    mutationFn: () => call(body as Body),
    onSuccess: async (result) => {
      await queries.invalidateQueries({ queryKey: [key] });
      announce(`${result.changed} ${result.changed === 1 ? `${one} is` : `${many} are`} changed.`);
      onDone();
    },
  });
  return { preview, change };
}

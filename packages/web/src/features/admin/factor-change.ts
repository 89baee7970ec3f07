import { useMutation, useQueryClient } from '@tanstack/react-query';

/** A change of factors: what shows them is read anew, also when the server asks for the password after all. */
export function useFactorChange<T>(change: () => Promise<T>, onDone?: (result: T) => void) {
  const queries = useQueryClient();
  const refresh = () => Promise.all([['me'], ['second-factor'], ['passkeys'], ['sessions']].map((queryKey) => queries.invalidateQueries({ queryKey })));
  return useMutation({
    mutationFn: change,
    onError: () => queries.invalidateQueries({ queryKey: ['second-factor'] }),
    onSuccess: (result) => {
      onDone?.(result);
      return refresh();
    },
  });
}

import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { showEngine } from '@tidewheel/client/routes';
import { useEffect } from 'react';
import { api } from '../../shared/api.ts';
import { live } from '../../shared/live.ts';

export const engineQuery = queryOptions({ queryKey: ['engine'], queryFn: () => api.call(showEngine) });

/** Keeps the status of the engine current while the page is open. */
export function useLiveEngine(): void {
  const queries = useQueryClient();
  useEffect(() => live().followEngine({ onEngine: (status) => queries.setQueryData(engineQuery.queryKey, status) }), [queries]);
}

import { useQuery } from '@tanstack/react-query';
import { listFlows } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';

/** Names of flows as suggestions; others can be typed. */
export function useFlowNames(): string[] {
  const flows = useQuery({ queryKey: ['flows', 'choices', ''], queryFn: () => api.call(listFlows, { query: { limit: 50 } }) });
  return flows.data?.items.map((flow) => flow.slug) ?? [];
}

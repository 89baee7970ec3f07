import { useQuery } from '@tanstack/react-query';
import { listCredentials } from '@tidewheel/client/routes';
import { api } from '../shared/api.ts';
import { useCan } from '../shared/session.ts';

const most = 200;

/** The credentials that somebody may choose from, of these types; `isKnown` once they were read. */
export function useCredentialChoices(types?: readonly string[]) {
  const canRead = useCan('credential.read');
  const { data, error } = useQuery({
    queryKey: ['credentials', 'names'],
    queryFn: () => api.call(listCredentials, { query: { limit: most } }),
    enabled: canRead,
  });
  const fitting = (data?.items ?? []).filter(({ type }) => types?.includes(type) ?? true);
  return { choices: fitting.map(({ slug, title }) => ({ value: slug, label: `${title} (${slug})` })), isKnown: data !== undefined, canRead, error };
}

import { queryOptions } from '@tanstack/react-query';
import { showEngine } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';

export const engineQuery = queryOptions({ queryKey: ['engine'], queryFn: () => api.call(showEngine), refetchInterval: 2_000 });

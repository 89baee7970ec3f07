import { useMutation, useQueryClient } from '@tanstack/react-query';
import { updateSecuritySettings } from '@tidewheel/client/routes';
import type { SecuritySettingsInput } from '@tidewheel/contract/routes/security';
import { api } from '../../shared/api.ts';
import { announce } from '../../shared/notify.ts';
import { securityQuery } from './security.queries.ts';

export function useSaveSecurity(done: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: SecuritySettingsInput) => api.call(updateSecuritySettings, { body }),
    onSuccess: (saved) => {
      queries.setQueryData(securityQuery.queryKey, saved);
      announce(done);
    },
  });
}

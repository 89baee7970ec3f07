import { queryOptions } from '@tanstack/react-query';
import { showSecuritySettings } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';

export const securityQuery = queryOptions({ queryKey: ['security'], queryFn: () => api.call(showSecuritySettings) });

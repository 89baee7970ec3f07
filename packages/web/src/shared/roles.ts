// The roles of the workspace as choices and titles.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { listRoles } from '@tidewheel/client/routes';
import { api } from './api.ts';
import { useCan } from './session.ts';

export const rolesQuery = queryOptions({ queryKey: ['roles'], queryFn: () => api.call(listRoles) });

/** For those who may not see the list, and until it is there. */
const presets = [
  { value: 'admin', label: 'Admin' },
  { value: 'developer', label: 'Developer' },
  { value: 'designer', label: 'Designer' },
  { value: 'operator', label: 'Operator' },
  { value: 'viewer', label: 'Viewer' },
  { value: 'executive', label: 'Executive' },
];

export function useRoleChoices(): { value: string; label: string }[] {
  const canRead = useCan('role.read');
  const roles = useQuery({ ...rolesQuery, enabled: canRead }).data;
  return roles?.map(({ slug, title }) => ({ value: slug, label: title })) ?? presets;
}

/** The title of a role; its name where that is all one may know. */
export function useRoleTitle(): (slug: string) => string {
  const choices = useRoleChoices();
  return (slug) => choices.find((choice) => choice.value === slug)?.label ?? slug;
}

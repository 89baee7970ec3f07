import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { listRoles } from '@tidewheel/client/routes';
import { api } from './api.ts';
import { ErrorNotice } from './ErrorNotice.tsx';

const presets = ['admin', 'developer', 'designer', 'operator', 'viewer', 'executive'].map((slug) => ({ slug, title: slug }));

/** The roles of the workspace, its own and the presets. The presets alone while they load. */
export function RoleChoice({ value, onChange, description }: { value: string; onChange: (role: string) => void; description?: string }) {
  const roles = useQuery({ queryKey: ['roles'], queryFn: () => api.call(listRoles) });
  const data = (roles.data ?? presets).map(({ slug, title }) => ({ value: slug, label: title }));
  return (
    <>
      <Select
        label="Role"
        {...(description ? { description } : {})}
        data={data}
        value={value}
        allowDeselect={false}
        onChange={(role) => role !== null && onChange(role)}
      />
      {roles.error && <ErrorNotice error={roles.error} />}
    </>
  );
}

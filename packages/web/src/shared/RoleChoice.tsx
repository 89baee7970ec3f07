import { Select } from '@mantine/core';
import { useRoleChoices } from './roles.ts';

/** The roles of the workspace, its own and the presets. */
export function RoleChoice({ value, onChange, description }: { value: string; onChange: (role: string) => void; description?: string }) {
  return (
    <Select
      label="Role"
      {...(description ? { description } : {})}
      data={useRoleChoices()}
      value={value}
      allowDeselect={false}
      onChange={(role) => role !== null && onChange(role)}
    />
  );
}

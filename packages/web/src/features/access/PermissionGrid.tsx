import { Checkbox, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Permission } from '@tidewheel/contract/route';
import { permissionGroups, permissionWords } from '../../shared/access/permission-words.ts';

/** All permissions in plain words, by what they are about. */
export function PermissionGrid({
  label,
  value,
  onChange,
  disabled,
}: {
  label: string;
  value: Permission[];
  onChange: (value: Permission[]) => void;
  disabled: boolean;
}) {
  const toggle = (permission: Permission, isOn: boolean) => onChange(isOn ? [...value, permission] : value.filter((one) => one !== permission));
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md" verticalSpacing="md" role="group" aria-label={label}>
      {permissionGroups.map(({ title, permissions }) => (
        <Stack key={title} gap={8}>
          <Text size="sm" fw={600}>
            {title}
          </Text>
          {permissions.map((permission) => (
            <Checkbox
              key={permission}
              size="xs"
              label={permissionWords[permission]}
              title={permission}
              checked={value.includes(permission)}
              disabled={disabled}
              onChange={(event) => toggle(permission, event.currentTarget.checked)}
            />
          ))}
        </Stack>
      ))}
    </SimpleGrid>
  );
}

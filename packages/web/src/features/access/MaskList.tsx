import { ActionIcon, Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconEyeOff, IconTrash } from '@tabler/icons-react';
import { attributes, type Mask, type MaskableType, maskable, type ObjectType } from '@tidewheel/contract/access';
import { ConditionEditor } from './ConditionEditor.tsx';

const types: Record<MaskableType, string> = { run: 'Run', connection: 'Connection', user: 'User', audit: 'Audit entry' };

/** Fields that holders of the role do not see. */
export function MaskList({ masks, onChange, disabled }: { masks: Mask[]; onChange: (masks: Mask[]) => void; disabled: boolean }) {
  const set = (index: number, mask: Mask) => onChange(masks.map((one, at) => (at === index ? mask : one)));
  return (
    <section className="tw-card" style={{ padding: 16 }}>
      <Stack gap="sm">
        <Title order={2}>What is kept from its holders</Title>
        {masks.length === 0 && (
          <Text size="sm" c="dimmed">
            Nothing: whoever may see an object sees all its fields.
          </Text>
        )}
        {masks.map((mask, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a mask is known by its place only
          <Stack key={index} gap={6}>
            <Group align="flex-end" gap="xs">
              <Select
                size="xs"
                w={140}
                label="Of a"
                data={Object.entries(types).map(([value, label]) => ({ value, label }))}
                value={mask.type}
                allowDeselect={false}
                disabled={disabled}
                onChange={(type) => set(index, { type: type as MaskableType, field: maskable[type as MaskableType][0], as: mask.as })}
              />
              <TextInput
                size="xs"
                w={220}
                label="Field"
                description={`${maskable[mask.type].join(', ')}; or inside one of them`}
                value={mask.field}
                disabled={disabled}
                onChange={(event) => set(index, { ...mask, field: event.currentTarget.value })}
              />
              <Select
                size="xs"
                w={140}
                label="Is"
                data={[
                  { value: 'masked', label: 'masked (•••••)' },
                  { value: 'hidden', label: 'left out' },
                ]}
                value={mask.as}
                allowDeselect={false}
                disabled={disabled}
                onChange={(as) => set(index, { ...mask, as: as as Mask['as'] })}
              />
              {!disabled && (
                <ActionIcon variant="default" aria-label={`Show ${mask.field} again`} onClick={() => onChange(masks.filter((_, at) => at !== index))}>
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              )}
            </Group>
            {mask.type in attributes && (
              <ConditionEditor
                attributes={attributes[mask.type as ObjectType]}
                value={mask.where}
                disabled={disabled}
                onChange={(where) => set(index, where ? { ...mask, where } : { type: mask.type, field: mask.field, as: mask.as })}
              />
            )}
          </Stack>
        ))}
        {!disabled && (
          <Button
            size="xs"
            variant="default"
            style={{ alignSelf: 'flex-start' }}
            leftSection={<IconEyeOff size={14} aria-hidden />}
            onClick={() => onChange([...masks, { type: 'run', field: 'parameters', as: 'masked' }])}
          >
            Keep a field from them
          </Button>
        )}
      </Stack>
    </section>
  );
}

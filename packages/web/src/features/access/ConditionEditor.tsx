import { Button, CloseButton, Group, Menu, Stack, TagsInput, Text } from '@mantine/core';
import { IconFilterPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Where } from '@tidewheel/contract/access';
import { suggestionsQuery } from './access.queries.ts';

const words: Readonly<Record<string, string>> = {
  flow: 'Flow',
  folder: 'Folder',
  kind: 'Kind of flow',
  startedBy: 'Started by',
  connection: 'Connection',
  type: 'Type',
  credential: 'Credential',
  file: 'File',
  uploadedBy: 'Uploaded by',
};

/** On which objects something holds: an attribute and the values that fit. Several attributes must all fit. */
export function ConditionEditor({
  attributes,
  value,
  onChange,
  disabled,
}: {
  /** What the objects in question have. */
  attributes: readonly string[];
  value: Where | undefined;
  onChange: (where: Where | undefined) => void;
  disabled: boolean;
}) {
  const suggestions = useQuery(suggestionsQuery).data ?? {};
  const entries = Object.entries(value ?? {});
  const free = attributes.filter((attribute) => !(attribute in (value ?? {})));
  const keep = (changed: [string, string[] | undefined][]) => onChange(changed.length === 0 ? undefined : (Object.fromEntries(changed) as Where));
  const set = (attribute: string, values: string[]) => keep(entries.map(([name, old]) => [name, name === attribute ? values : old]));
  return (
    <Stack gap={6}>
      {entries.length === 0 && (
        <Text size="sm" c="dimmed">
          On everything.
        </Text>
      )}
      {entries.map(([attribute, values]) => (
        <Group key={attribute} gap={6} align="flex-end" wrap="nowrap">
          <TagsInput
            style={{ flex: 1 }}
            size="xs"
            label={`Only where ${words[attribute] ?? attribute} is`}
            placeholder={values?.length ? '' : 'a value, or a beginning with * at its end'}
            data={suggestions[attribute] ?? []}
            value={values ?? []}
            disabled={disabled}
            error={values?.length === 0 ? 'Give at least one value, or take the condition away' : undefined}
            onChange={(chosen) => set(attribute, chosen)}
          />
          {!disabled && (
            <CloseButton
              aria-label={`Take away the condition on ${words[attribute] ?? attribute}`}
              onClick={() => keep(entries.filter(([name]) => name !== attribute))}
            />
          )}
        </Group>
      ))}
      {!disabled && free.length > 0 && (
        <Menu>
          <Menu.Target>
            <Button size="compact-xs" variant="default" leftSection={<IconFilterPlus size={14} aria-hidden />} style={{ alignSelf: 'flex-start' }}>
              Add a condition
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {free.map((attribute) => (
              <Menu.Item key={attribute} onClick={() => keep([...entries, [attribute, []]])}>
                {words[attribute] ?? attribute}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Stack>
  );
}

import { ActionIcon, Button, Menu, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './RuleCards.module.css';

interface RuleCardsProps<T extends { kind: string }> {
  label: string;
  items: readonly T[];
  titles: Record<T['kind'], string>;
  add: string;
  words?: readonly string[];
  make: (kind: T['kind']) => T;
  onChange: (items: T[]) => void;
  render: (item: T, change: (item: T) => void) => ReactNode;
}

/** Things of several kinds one under the other, each with its fields. */
export function RuleCards<T extends { kind: string }>({ label, items, titles, add, words = [], make, onChange, render }: RuleCardsProps<T>) {
  return (
    <Stack gap="sm" role="group" aria-label={label}>
      {items.map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no names; their place and kind keep the fields of each apart
        <fieldset key={`${at} ${item.kind}`} className={classes['card']}>
          <legend>{titles[item.kind as T['kind']]}</legend>
          <ActionIcon
            variant="subtle"
            color="gray"
            className={classes['remove']}
            aria-label={`Remove ${label} ${at + 1}: ${titles[item.kind as T['kind']]}`}
            onClick={() => onChange(items.toSpliced(at, 1))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
          <Stack gap="xs">
            {render(item, (next) => onChange(items.with(at, next)))}
            {words[at] && (
              <Text size="sm" fw={600}>
                {words[at]}
              </Text>
            )}
          </Stack>
        </fieldset>
      ))}
      <div>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />}>
              {add}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(Object.keys(titles) as T['kind'][]).map((kind) => (
              <Menu.Item key={kind} onClick={() => onChange([...items, make(kind)])}>
                {titles[kind]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
    </Stack>
  );
}

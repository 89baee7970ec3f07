import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';

interface BulkMenuProps<Verb extends string> {
  /** Which ones, in words. */
  which: string;
  chosen: number;
  onClear: () => void;
  verbs: readonly Verb[];
  titles: Record<Verb, string>;
  onChoose: (verb: Verb) => void;
}

/** What can be done with many of a list. */
export function BulkMenu<Verb extends string>({ which, chosen, onClear, verbs, titles, onChoose }: BulkMenuProps<Verb>) {
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            With {which}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {verbs.map((verb) => (
            <Menu.Item key={verb} onClick={() => onChoose(verb)}>
              {titles[verb]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {chosen > 0 && (
        <Button size="xs" variant="subtle" onClick={onClear}>
          Choose none
        </Button>
      )}
    </>
  );
}

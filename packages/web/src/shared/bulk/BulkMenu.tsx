import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** What can be done with many of a list; the items are those of the menu. */
export function BulkMenu({ which, chosen, onClear, children }: { which: string; chosen: number; onClear: () => void; children: ReactNode }) {
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            With {which}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>{children}</Menu.Dropdown>
      </Menu>
      {chosen > 0 && (
        <Button size="xs" variant="subtle" onClick={onClear}>
          Choose none
        </Button>
      )}
    </>
  );
}

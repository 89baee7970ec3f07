import { Button, Group, Menu, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { RowColor } from '@tidewheel/contract/color-rule';
import type { SessionAction, SessionFilter, SessionRow } from '@tidewheel/contract/color-session';
import { type RefObject, useEffect, useState } from 'react';
import type { SessionVerbs } from './use-session-verbs.ts';

interface Props {
  /** Where a right click opens it. */
  area: RefObject<HTMLDivElement | null>;
  selected: () => SessionRow[];
  count: number;
  filter: SessionFilter;
  total: number;
  verbs: SessionVerbs;
}

const colors: (RowColor | null)[] = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'grey', null];
const most = 2_000;

/** What can be done with the selected rows, or with all that are listed: the same from the button and by a right click. */
export function RowsMenu({ area, selected, count, filter, total, verbs }: Props) {
  const [isAll, setAll] = useState(false);
  const [opened, setOpened] = useState(false);
  const [moved, setMoved] = useState<SessionRow[]>([]);
  useEffect(() => {
    const element = area.current;
    const open = (event: Event) => {
      event.preventDefault();
      setOpened(true);
    };
    element?.addEventListener('contextmenu', open);
    return () => element?.removeEventListener('contextmenu', open);
  }, [area]);
  const act = (action: SessionAction) => (isAll ? verbs.changeAll(action, filter) : verbs.change(action, selected().slice(0, most)));
  const moveTo = (families: boolean) => {
    verbs.change({ kind: 'move', before: selected()[0]?.id ?? null, families }, moved);
    setMoved([]);
  };
  const item = (label: string, action: SessionAction) => (
    <Menu.Item key={label} onClick={() => act(action)}>
      {label}
    </Menu.Item>
  );
  return (
    <Group gap="xs" mb="xs">
      <Menu opened={opened} onChange={setOpened} position="bottom-start" shadow="md">
        <Menu.Target>
          <Button size="xs" variant="default" disabled={total === 0} rightSection={<IconChevronDown size={14} aria-hidden />}>
            {isAll ? `All ${total} listed rows` : count === 1 ? '1 row' : `${count} rows`}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          {item('Exclude', { kind: 'exclude' })}
          {item('Include', { kind: 'include' })}
          {item('Remove', { kind: 'remove' })}
          {item('Restore', { kind: 'restore' })}
          <Menu.Divider />
          {!isAll && <Menu.Item onClick={() => setMoved(selected().slice(0, most))}>Move …</Menu.Item>}
          {item('Move to the end', { kind: 'move', before: null, families: false })}
          <Menu.Divider />
          {colors.map((color) => item(color === null ? 'No colour' : `Colour ${color}`, { kind: 'color', color }))}
        </Menu.Dropdown>
      </Menu>
      <Button size="xs" variant="subtle" onClick={() => setAll(!isAll)}>
        {isAll ? 'Only the selected rows' : `All ${total} listed`}
      </Button>
      {moved.length > 0 && (
        <>
          <Text size="sm" role="status">
            {moved.length === 1 ? '1 row is held.' : `${moved.length} rows are held.`} Go to the row before which they shall stand.
          </Text>
          <Button size="xs" onClick={() => moveTo(false)}>
            Put before this row
          </Button>
          <Button size="xs" variant="default" onClick={() => moveTo(true)}>
            With their families
          </Button>
          <Button size="xs" variant="subtle" onClick={() => setMoved([])}>
            Leave them
          </Button>
        </>
      )}
    </Group>
  );
}

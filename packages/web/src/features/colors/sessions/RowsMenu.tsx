import { Button, Group, Menu, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { RowColor } from '@tidewheel/contract/color-rule';
import type { SessionAction } from '@tidewheel/contract/color-session';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { SetValueDialog } from './SetValueDialog.tsx';
import type { GridActions } from './use-grid-actions.ts';
import type { GridCursor } from './use-grid-cursor.ts';

interface Props {
  /** Where a right click opens it. */
  area: RefObject<HTMLDivElement | null>;
  /** The cell where the keyboard is. */
  at(): Element | undefined;
  cursor: GridCursor;
  actions: GridActions;
  total: number;
  canEdit: boolean;
  onWhy(): void;
  /** Gives the keyboard back to the grid. */
  onLeave(): void;
}

const colors: (RowColor | null)[] = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'grey', null];

/** What can be done with the selected rows, or with all that are listed: the same from the button and by a right click. */
export function RowsMenu({ area, at, cursor, actions, total, canEdit, onWhy, onLeave }: Props) {
  const [opened, setOpened] = useState(false);
  const [isSetting, setSetting] = useState(false);
  const [held, setHeld] = useState<number[]>([]);
  const [point, setPoint] = useState<{ x: number; y: number } | null>(null);
  useEffect(() => {
    const element = area.current;
    const open = (event: globalThis.MouseEvent) => {
      event.preventDefault();
      // From the keyboard it has no place of its own.
      const cell = event.button === 2 ? undefined : at()?.getBoundingClientRect();
      setPoint(cell ? { x: cell.left, y: cell.bottom } : { x: event.clientX, y: event.clientY });
    };
    element?.addEventListener('contextmenu', open);
    return () => element?.removeEventListener('contextmenu', open);
  }, [area, at]);
  const { isAll, count } = cursor;
  const name = isAll ? `All ${total.toLocaleString('en')} listed rows` : count === 1 ? '1 row' : `${count.toLocaleString('en')} rows`;
  const put = (families: boolean) => {
    actions.move({ before: cursor.row, families, rows: held });
    setHeld([]);
  };
  const turn = (isOpen: boolean) => {
    setOpened(isOpen && point === null);
    if (isOpen) return;
    setPoint(null);
    onLeave();
  };
  const items = (
    <>
      <Menu.Label>{name}</Menu.Label>
      <Menu.Item onClick={onWhy} disabled={total === 0}>
        Why is it here?
      </Menu.Item>
      {canEdit && <ChangeItems actions={actions} isAll={isAll} onSet={() => setSetting(true)} onHold={() => setHeld(cursor.rows())} />}
    </>
  );
  return (
    <>
      <Group gap="xs" mb="xs">
        <Menu opened={opened} onChange={turn} position="bottom-start" shadow="md">
          <Menu.Target>
            <Button size="xs" variant="default" disabled={total === 0} rightSection={<IconChevronDown size={14} aria-hidden />}>
              {name}
            </Button>
          </Menu.Target>
          <RowsDropdown>{items}</RowsDropdown>
        </Menu>
        {!isAll && (
          <Button size="xs" variant="subtle" disabled={total === 0} onClick={cursor.pickAll}>
            All {total.toLocaleString('en')} listed
          </Button>
        )}
        {held.length > 0 && (
          <>
            <Text size="sm" role="status">
              {held.length === 1 ? '1 row is held.' : `${held.length.toLocaleString('en')} rows are held.`} Go to the row before which they shall stand.
            </Text>
            <Button size="xs" onClick={() => put(false)}>
              Put before this row
            </Button>
            <Button size="xs" variant="default" onClick={() => put(true)}>
              With their families
            </Button>
            <Button size="xs" variant="subtle" onClick={() => setHeld([])}>
              Leave them
            </Button>
          </>
        )}
        {actions.notice && (
          <Text size="sm" role="status">
            {actions.notice}
          </Text>
        )}
      </Group>
      {point && (
        <Menu opened onChange={turn} position="bottom-start" shadow="md" offset={2}>
          <Menu.Target>
            <span style={{ position: 'fixed', left: point.x, top: point.y, width: 1, height: 1 }} />
          </Menu.Target>
          <RowsDropdown>{items}</RowsDropdown>
        </Menu>
      )}
      {isSetting && (
        <SetValueDialog name={name} column={cursor.column} onSet={(fields) => actions.act({ kind: 'cells', fields })} onClose={() => setSetting(false)} />
      )}
    </>
  );
}

function RowsDropdown({ children }: { children: ReactNode }) {
  return (
    <Menu.Dropdown mah={460} style={{ overflowY: 'auto' }}>
      {children}
    </Menu.Dropdown>
  );
}

function ChangeItems({ actions, isAll, onSet, onHold }: { actions: GridActions; isAll: boolean; onSet: () => void; onHold: () => void }) {
  const item = (label: string, action: SessionAction, swatch?: RowColor) => (
    <Menu.Item key={label} onClick={() => actions.act(action)} leftSection={swatch && <Swatch color={swatch} />}>
      {label}
    </Menu.Item>
  );
  return (
    <>
      <Menu.Item onClick={onSet}>Set a value …</Menu.Item>
      <Menu.Divider />
      {item('Exclude', { kind: 'exclude' })}
      {item('Include', { kind: 'include' })}
      {item('Remove', { kind: 'remove' })}
      {item('Restore', { kind: 'restore' })}
      <Menu.Divider />
      {!isAll && <Menu.Item onClick={onHold}>Move …</Menu.Item>}
      {!isAll && item('Move to the end', { kind: 'move', before: null, families: false })}
      <Menu.Divider />
      {colors.map((color) => (color === null ? item('No colour', { kind: 'color', color }) : item(`Colour ${color}`, { kind: 'color', color }, color)))}
    </>
  );
}

function Swatch({ color }: { color: RowColor }) {
  return <span aria-hidden style={{ width: 12, height: 12, borderRadius: 3, background: swatches[color], border: '1px solid var(--tw-line)' }} />;
}

const swatches: Record<RowColor, string> = {
  ...{ red: '#e03131', orange: '#f08c00', yellow: '#fcc419', green: '#2f9e44' },
  ...{ teal: '#0c8599', blue: '#1971c2', purple: '#9c36b5', grey: '#868e96' },
};

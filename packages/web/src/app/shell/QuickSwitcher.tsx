import { Modal, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBolt, IconCalendar, IconCalendarClock, IconKey, IconPlayerPlay, IconPlug, IconSearch, IconServer2, IconSitemap } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import classes from './QuickSwitcher.module.css';
import { type Found, useQuickSearch } from './use-quick-search.ts';

const kinds = {
  flow: { icon: IconSitemap, word: 'Flow' },
  run: { icon: IconPlayerPlay, word: 'Run' },
  host: { icon: IconServer2, word: 'Host' },
  schedule: { icon: IconCalendarClock, word: 'Schedule' },
  trigger: { icon: IconBolt, word: 'Trigger' },
  connection: { icon: IconPlug, word: 'Connection' },
  credential: { icon: IconKey, word: 'Credential' },
  calendar: { icon: IconCalendar, word: 'Calendar' },
};

/** Ctrl+K: type part of a name, Enter to go there. */
export function QuickSwitcher({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [settled] = useDebouncedValue(text, 150);
  const { found, isLoading } = useQuickSearch(settled);
  const navigate = useNavigate();
  const current = Math.min(chosen, found.length - 1);
  const open = (item: Found | undefined) => {
    if (!item) return;
    onClose();
    void navigate({ to: item.to });
  };
  const keys = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen((current + step + found.length) % Math.max(1, found.length));
    }
    if (event.key === 'Enter') open(found[current]);
  };
  return (
    <Modal opened onClose={onClose} withCloseButton={false} padding={0} yOffset="12vh" size="lg" aria-label="Search">
      <TextInput
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={keys}
        data-autofocus
        size="md"
        variant="unstyled"
        className={classes['input']}
        leftSection={<IconSearch size={18} aria-hidden />}
        placeholder="Search flows, runs, hosts and more"
        aria-label="Search flows, runs, hosts and more"
        role="combobox"
        aria-expanded
        aria-controls="quick-found"
        aria-activedescendant={found[current] ? `quick-${current}` : undefined}
      />
      <div role="listbox" id="quick-found" aria-label="Found" className={classes['list']}>
        {found.map((item, index) => {
          const { icon: Icon, word } = kinds[item.kind];
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard chooses from the search box (combobox pattern)
            <div
              key={item.to}
              id={`quick-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              className={classes['item']}
              onClick={() => open(item)}
              onMouseEnter={() => setChosen(index)}
            >
              <Icon size={17} stroke={1.7} aria-hidden />
              <span className={classes['title']}>{item.title}</span>
              <Text size="xs" c="dimmed" component="span">
                {word} · {item.note}
              </Text>
            </div>
          );
        })}
      </div>
      {found.length === 0 && (
        <Text size="sm" c="dimmed" p="md">
          {isLoading ? 'Searching…' : 'Nothing has that in its name.'}
        </Text>
      )}
    </Modal>
  );
}

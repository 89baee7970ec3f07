import { ActionIcon, Group, Loader, Text, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSearch } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { formatCount } from '../../../shared/format.ts';
import type { RunLogSearch } from './use-log-search.ts';

export interface LogSearchProps {
  text: string;
  onText: (text: string) => void;
  /** What is searched; undefined: nothing yet. */
  wanted: string | undefined;
  search: RunLogSearch;
  /** Which hit the reader is at, from 0. */
  at: number | null;
  onStep: (by: 1 | -1) => void;
}

export function LogSearchBox({ text, onText, wanted, search, at, onStep }: LogSearchProps) {
  const isIdle = wanted === undefined || search.hits.length === 0;
  const step = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (!isIdle) onStep(event.shiftKey ? -1 : 1);
  };
  return (
    <Group gap={4} wrap="nowrap" style={{ flex: '1 1 260px', maxWidth: 420 }}>
      <TextInput
        size="xs"
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={search.isLooking ? <Loader size={12} role="status" aria-label="Still looking" /> : undefined}
        placeholder="Search the log"
        aria-label="Search the log"
        maxLength={200}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={step}
        style={{ flex: '1 1 120px' }}
      />
      <Text size="xs" c="dimmed" role="status" style={{ whiteSpace: 'nowrap' }}>
        {wanted === undefined ? '' : foundText(search, at)}
      </Text>
      <ActionIcon variant="default" size="sm" aria-label="The hit before (Shift+Enter)" disabled={isIdle} onClick={() => onStep(-1)}>
        <IconChevronUp size={14} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="default" size="sm" aria-label="The next hit (Enter)" disabled={isIdle} onClick={() => onStep(1)}>
        <IconChevronDown size={14} aria-hidden />
      </ActionIcon>
      {search.error && <ErrorNotice error={search.error} onRetry={search.lookOn} />}
    </Group>
  );
}

function foundText({ hits, more, isLooking }: RunLogSearch, at: number | null): string {
  if (hits.length === 0) return isLooking ? 'looking…' : 'no line has it';
  const total = `${formatCount(hits.length)}${more ? '+' : ''}`;
  return at === null ? `${total} ${hits.length === 1 && !more ? 'line' : 'lines'}` : `${formatCount(at + 1)} of ${total}`;
}

import { Combobox, Text, Textarea, TextInput, useCombobox } from '@mantine/core';
import { useRef, useState } from 'react';
import { completed, matching, type OfferedName, typedAt } from './completion.ts';
import type { InputProps } from './input-props.ts';

interface CompletedInputProps extends InputProps {
  value: string;
  onChange: (value: string) => void;
  names: readonly OfferedName[];
  isExpression: boolean;
  isLong: boolean;
}

/** A text in which `{{ }}` names something: what can be named is offered while it is typed. Arrow keys choose, Enter takes, Escape closes. */
export function CompletedInput({ names, isExpression, isLong, onChange, ...input }: CompletedInputProps) {
  const list = useCombobox({ onDropdownClose: () => list.resetSelectedOption() });
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const [at, setAt] = useState<{ caret: number; from: number; typed: string } | null>(null);
  const offered = at ? matching(names, at.typed) : [];
  const look = (text: string, caret: number) => {
    const found = typedAt(text, { caret, isExpression });
    const isWorth = found !== null && (!isExpression || found.typed !== '') && matching(names, found.typed).length > 0;
    setAt(isWorth ? { ...found, caret } : null);
    if (isWorth) list.openDropdown();
    else list.closeDropdown();
    list.resetSelectedOption();
  };
  const take = (name: string) => {
    if (!at) return;
    const next = completed(input.value, { ...at, name, isExpression });
    onChange(next.text);
    list.closeDropdown();
    requestAnimationFrame(() => field.current?.setSelectionRange(next.caret, next.caret));
  };
  const shared = {
    ...input,
    ref: field,
    autoComplete: 'off',
    onChange: (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      onChange(event.currentTarget.value);
      look(event.currentTarget.value, event.currentTarget.selectionStart ?? 0);
    },
    onBlur: () => list.closeDropdown(),
  };
  return (
    <Combobox store={list} onOptionSubmit={take} shadow="md" withinPortal={false}>
      <Combobox.Target withExpandedAttribute={false}>
        {isLong ? (
          <Textarea {...shared} autosize minRows={3} maxRows={16} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }} />
        ) : (
          <TextInput {...shared} />
        )}
      </Combobox.Target>
      <Combobox.Dropdown hidden={offered.length === 0}>
        <Combobox.Options mah={220} style={{ overflowY: 'auto' }} aria-label="Names">
          {offered.map(({ name, title }) => (
            <Combobox.Option key={name} value={name}>
              <code>{name}</code>{' '}
              <Text span size="xs" c="dimmed">
                {title}
              </Text>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

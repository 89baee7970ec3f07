import { Textarea, type TextareaProps } from '@mantine/core';
import { useState } from 'react';

/** A value for which there is no input of its own, written as JSON. */
export function JsonInput({
  value,
  onChange,
  error,
  ...rest
}: Omit<TextareaProps, 'value' | 'onChange'> & { value: unknown; onChange: (value: unknown) => void }) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [fault, setFault] = useState<string | null>(null);
  const change = (next: string) => {
    setText(next);
    try {
      onChange(next.trim() === '' ? undefined : JSON.parse(next));
      setFault(null);
    } catch (thrown) {
      setFault(`is not JSON: ${(thrown as Error).message}`);
    }
  };
  return (
    <Textarea
      {...rest}
      error={fault ?? error}
      autosize
      minRows={2}
      maxRows={12}
      placeholder="JSON"
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  );
}

import { Textarea, type TextareaProps } from '@mantine/core';
import { useState } from 'react';

/** A value for which there is no input of its own, written as JSON. */
export function JsonInput({
  value,
  onChange,
  error,
  ...rest
}: Omit<TextareaProps, 'value' | 'onChange'> & { value: unknown; onChange: (value: unknown) => void }) {
  const [text, setText] = useState(() => textOf(value));
  const [fault, setFault] = useState<string | null>(null);
  const [known, setKnown] = useState(value);
  // Changed elsewhere, as by undo: what was typed here is no longer it.
  if (contentOf(known) !== contentOf(value)) {
    setKnown(value);
    setText(textOf(value));
    setFault(null);
  }
  const change = (next: string) => {
    setText(next);
    try {
      const parsed: unknown = next.trim() === '' ? undefined : JSON.parse(next);
      setKnown(parsed);
      setFault(null);
      onChange(parsed);
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

function textOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}
/** An empty map is as good as none: a form leaves it out. */
function contentOf(value: unknown): string | undefined {
  const text = JSON.stringify(value);
  return text === '{}' ? undefined : text;
}

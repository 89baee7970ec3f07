import { TextInput } from '@mantine/core';
import { useState } from 'react';

interface NameInputProps {
  label: string;
  description?: string;
  value: string;
  /** Names that are given already. */
  taken: readonly string[];
  form: RegExp;
  disabled: boolean;
  onChange: (name: string) => void;
}

/** A name that other places use: it takes effect when it is left or Enter is pressed, and only when it can stand. */
export function NameInput({ label, description, value, taken, form, disabled, onChange }: NameInputProps) {
  const [typed, setTyped] = useState(value);
  const fault = !form.test(typed)
    ? 'begins with a small letter, then letters, digits and _'
    : typed !== value && taken.includes(typed)
      ? 'is given already'
      : null;
  const leave = () => {
    if (fault) setTyped(value);
    else if (typed !== value) onChange(typed);
  };
  return (
    <TextInput
      label={label}
      description={description}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={typed}
      error={fault}
      disabled={disabled}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}

export const stepName = /^[a-z][a-zA-Z0-9_]*$/;

import { TextInput } from '@mantine/core';
import { CopyButton } from './CopyText.tsx';

/** A secret that is shown this once, ready to be copied. */
export function OnceSecret({ value, label }: { value: string; label: string }) {
  return (
    <TextInput
      readOnly
      value={value}
      aria-label={label}
      rightSection={<CopyButton value={value} label={label} />}
      onFocus={(event) => event.currentTarget.select()}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  );
}

import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';

/** A search box whose text goes to the address a moment after typing stops. */
export function useSearchText(initial: string | undefined, commit: (text: string | undefined) => void) {
  const [text, setText] = useState(initial ?? '');
  const later = useDebouncedCallback((value: string) => commit(value === '' ? undefined : value), 250);
  const change = (value: string) => {
    setText(value);
    later(value);
  };
  return { text, change };
}

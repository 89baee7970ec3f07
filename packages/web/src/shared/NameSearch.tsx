import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { useSearchText } from './use-search-text.ts';

/** Narrows a list to what has the text in its name. */
export function NameSearch({ search }: { search: ReturnType<typeof useSearchText> }) {
  return (
    <TextInput
      size="xs"
      w={240}
      leftSection={<IconSearch size={14} aria-hidden />}
      placeholder="Search by name"
      aria-label="Search by name"
      value={search.text}
      onChange={(event) => search.change(event.currentTarget.value)}
    />
  );
}

import { TextInput } from '@mantine/core';
import type { useSearchText } from './use-search-text.ts';

/** Narrows a list to a folder and those below it. */
export function FolderFilter({ folder }: { folder: ReturnType<typeof useSearchText> }) {
  return (
    <TextInput
      size="xs"
      w={160}
      placeholder="Any folder"
      aria-label="Folder"
      value={folder.text}
      onChange={(event) => folder.change(event.currentTarget.value)}
    />
  );
}

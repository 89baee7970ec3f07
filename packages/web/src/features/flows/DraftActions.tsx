import { Button, Group } from '@mantine/core';
import { IconChecks, IconDeviceFloppy } from '@tabler/icons-react';
import type { Draft } from './use-draft.ts';

/** Check, discard, save. */
export function DraftActions({ draft, saveTitle = 'Save' }: { draft: Draft; saveTitle?: string }) {
  return (
    <Group gap="xs" ml="auto">
      {draft.isDirty && (
        <Button size="xs" variant="subtle" color="gray" onClick={draft.discard}>
          Discard
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconChecks size={15} aria-hidden />}
        disabled={!draft.isDirty}
        loading={draft.isChecking}
        onClick={draft.check}
      >
        Validate
      </Button>
      <Button
        size="xs"
        leftSection={<IconDeviceFloppy size={15} aria-hidden />}
        disabled={!draft.isDirty}
        loading={draft.save.isPending}
        onClick={() => draft.save.mutate()}
      >
        {saveTitle}
      </Button>
    </Group>
  );
}

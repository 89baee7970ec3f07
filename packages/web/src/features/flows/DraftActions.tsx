import { Button, Group } from '@mantine/core';
import { IconChecks, IconDeviceFloppy, IconPencil } from '@tabler/icons-react';
import type { Draft } from './use-draft.ts';

interface DraftActionsProps {
  draft: Draft;
  saveTitle?: string;
  /** What the text can be kept as. */
  offers: { draft: boolean; version: boolean };
}

/** Check, discard, keep as draft, save. */
export function DraftActions({ draft, saveTitle = 'Save', offers }: DraftActionsProps) {
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
      {offers.draft && (
        <Button
          size="xs"
          variant={offers.version ? 'default' : 'filled'}
          leftSection={<IconPencil size={15} aria-hidden />}
          disabled={!draft.isDirty}
          loading={draft.keeping.isPending}
          onClick={() => draft.keeping.mutate()}
        >
          Save as draft
        </Button>
      )}
      {offers.version && (
        <Button
          size="xs"
          leftSection={<IconDeviceFloppy size={15} aria-hidden />}
          disabled={!draft.isDirty}
          loading={draft.save.isPending}
          onClick={() => draft.save.mutate()}
        >
          {saveTitle}
        </Button>
      )}
    </Group>
  );
}

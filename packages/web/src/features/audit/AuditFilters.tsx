import { Button, Group, Select, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { auditActions } from '@tidewheel/contract/audit-actions';
import type { AuditSearch } from '../../app/search.ts';
import { useSearchText } from '../../shared/use-search-text.ts';

export function AuditFilters({ search, set }: { search: AuditSearch; set: (part: AuditSearch) => void }) {
  const actor = useSearchText(search.actor, (text) => set({ actor: text }));
  return (
    <Group gap="xs" mb="sm" align="flex-end">
      <TextInput
        size="xs"
        w={220}
        label="Who"
        placeholder="Part of the e-mail"
        value={actor.text}
        onChange={(event) => actor.change(event.currentTarget.value)}
      />
      <Select
        size="xs"
        w={220}
        label="Action"
        placeholder="Any"
        clearable
        searchable
        data={[...auditActions]}
        value={search.action ?? null}
        onChange={(action) => set({ action: (action ?? undefined) as AuditSearch['action'] })}
      />
      <TextInput size="xs" type="date" label="From" value={search.from ?? ''} onChange={(event) => set({ from: event.currentTarget.value || undefined })} />
      <TextInput size="xs" type="date" label="To" value={search.to ?? ''} onChange={(event) => set({ to: event.currentTarget.value || undefined })} />
      {search.object !== undefined && (
        <Button size="xs" variant="light" rightSection={<IconX size={14} aria-hidden />} onClick={() => set({ object: undefined })}>
          Only one object
        </Button>
      )}
    </Group>
  );
}

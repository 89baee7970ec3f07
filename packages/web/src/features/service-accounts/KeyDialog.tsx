import { Button, Group, Modal, MultiSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createServiceKey } from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { meQuery } from '../../shared/session.ts';
import { KeySecret } from './KeySecret.tsx';
import { scopeOf, speaksOfFlows } from './scope-lines.ts';

/** Makes a key of a service account; its text is shown once. */
export function KeyDialog({ slug, onClose }: { slug: string; onClose: () => void }) {
  const queries = useQueryClient();
  const mine = useQuery(meQuery).data?.permissions ?? [];
  const [title, setTitle] = useState('');
  const [days, setDays] = useState(90);
  const [permissions, setPermissions] = useState<Permission[]>([]);
  const [flows, setFlows] = useState('');
  const [networks, setNetworks] = useState('');
  const create = useMutation({
    mutationFn: () => {
      const from = networks.split(/[\s,]+/).filter(Boolean);
      const body = { title: title.trim(), days, scope: scopeOf({ permissions, flows }), networks: from.length > 0 ? from : null };
      return api.call(createServiceKey, { params: { slug }, body });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['service-accounts'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  if (create.data) return <KeySecret secret={create.data.token} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title="New key" size="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Where it is used"
            placeholder="Scheduler"
            required
            maxLength={100}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            data-autofocus
          />
          <MultiSelect
            label="What it may do"
            description="Nothing chosen: all that the account may do. What the account may not do, the key cannot either."
            data={[...mine].toSorted()}
            value={permissions}
            onChange={(chosen) => setPermissions(chosen as Permission[])}
            searchable
            clearable
          />
          {permissions.some(speaksOfFlows) && (
            <TextInput
              label="On which flows"
              description="Their names, with * for all that begin so; empty: every flow."
              placeholder="load-*, daily-report"
              value={flows}
              onChange={(event) => setFlows(event.currentTarget.value)}
            />
          )}
          <TextInput
            label="From which networks"
            description="Addresses and networks; empty: from everywhere."
            placeholder="10.20.0.0/16"
            value={networks}
            onChange={(event) => setNetworks(event.currentTarget.value)}
          />
          <NumberInput label="Valid for (days)" min={1} max={366} allowDecimal={false} value={days} onChange={(value) => setDays(Number(value) || 1)} />
          {create.error && <ErrorNotice error={create.error} />}
          <Group justify="space-between" gap="xs">
            <Text size="xs" c="dimmed">
              The key is shown once.
            </Text>
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                Close
              </Button>
              <Button type="submit" loading={create.isPending}>
                Make the key
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

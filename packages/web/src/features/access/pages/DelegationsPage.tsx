import { Group, MultiSelect, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { createDelegation } from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import { useState } from 'react';
import { endOfDay } from '../../../shared/access/end-of-day.ts';
import { MemberField } from '../../../shared/access/MemberField.tsx';
import { permissionChoices } from '../../../shared/access/permission-words.ts';
import { api } from '../../../shared/api.ts';
import { announce } from '../../../shared/notify.ts';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { SubmitForm } from '../../../shared/SubmitForm.tsx';
import { meQuery } from '../../../shared/session.ts';
import { DelegationTable } from '../DelegationTable.tsx';

/** I am away: who does it for me meanwhile. */
export function DelegationsPage() {
  return (
    <>
      <PageHeader title="I am away" above={<Link to="/profile">My profile</Link>} />
      <section className="tw-card" style={{ padding: 16, maxWidth: 760, marginBottom: 24 }}>
        <LendForm />
      </section>
      <Title order={2} mb="xs">
        Lent by me and to me
      </Title>
      <DelegationTable of="mine" />
    </>
  );
}

const empty = { to: '', permissions: [] as string[], from: '', until: '', reason: '' };

function LendForm() {
  const queries = useQueryClient();
  const me = useQuery(meQuery).data;
  const [values, setValues] = useState(empty);
  const set = (part: Partial<typeof values>) => setValues({ ...values, ...part });
  const { to, permissions, from, until, reason } = values;
  const own = new Set(me?.sources.filter((source) => source.kind === 'role').flatMap((source) => source.rules.flatMap((rule) => rule.permissions)));
  const choices = permissionChoices
    .map(({ group, items }) => ({ group, items: items.filter((item) => own.has(item.value)) }))
    .filter(({ items }) => items.length > 0);
  const lend = useMutation({
    mutationFn: () =>
      api.call(createDelegation, {
        body: {
          to,
          reason,
          until: endOfDay(until) ?? '',
          ...(from === '' ? {} : { from: new Date(`${from}T00:00:00`).toISOString() }),
          ...(permissions.length === 0 ? {} : { permissions: permissions as Permission[] }),
        },
      }),
    onSuccess: (lent) => {
      announce(`${lent.to.name} may do it for you.`);
      setValues(empty);
      return queries.invalidateQueries({ queryKey: ['delegations'] });
    },
  });
  return (
    <SubmitForm mutation={lend} action="Lend it" side="left">
      <Text size="sm">
        While you are away a colleague can do what your role lets you do. It ends on its day or when you end it, follows your own role, and cannot be lent on.
        The audit trail names you both.
      </Text>
      <MemberField label="Who does it for me" value={to} onChange={(email) => set({ to: email })} />
      <MultiSelect
        label="What"
        placeholder={permissions.length === 0 ? 'Everything that my role gives' : ''}
        data={choices}
        value={permissions}
        onChange={(chosen) => set({ permissions: chosen })}
        searchable
      />
      <Group grow>
        <TextInput label="From" description="Empty: from now on" type="date" value={from} onChange={(event) => set({ from: event.currentTarget.value })} />
        <TextInput
          label="Until"
          description="That day too"
          type="date"
          required
          value={until}
          onChange={(event) => set({ until: event.currentTarget.value })}
        />
      </Group>
      <TextInput
        label="Reason"
        required
        minLength={3}
        placeholder="On holiday"
        value={reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
      />
    </SubmitForm>
  );
}

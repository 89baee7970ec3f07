import { Button, Group, Modal, MultiSelect, Stack, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { createGrant, listObjectAccess, revokeGrant } from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import type { ObjectAccess } from '@tidewheel/contract/routes/access';
import { useState } from 'react';
import { api } from '../api.ts';
import { ConfirmButton } from '../ConfirmButton.tsx';
import { DataTable, type TableColumn } from '../DataTable.tsx';
import { Loaded } from '../Loaded.tsx';
import { SubmitForm } from '../SubmitForm.tsx';
import { Time } from '../Time.tsx';
import { endOfDay } from './end-of-day.ts';
import { MemberField } from './MemberField.tsx';
import { permissionWords } from './permission-words.ts';
import type { SharedObject } from './ShareButton.tsx';

const offered: Record<SharedObject['type'], Permission[]> = {
  flow: ['flow.read', 'flow.run', 'flow.edit', 'run.read', 'run.cancel', 'approval.decide', 'artifact.read', 'grant.edit'],
  connection: ['connection.read', 'connection.edit', 'grant.edit'],
};
const usual: Record<SharedObject['type'], Permission[]> = { flow: ['flow.read', 'flow.run', 'run.read'], connection: ['connection.read'] };

type Row = ObjectAccess['items'][number];

/** Who has access to one object and through what, with a way to add and to take back. */
export function ShareDialog({ object, onClose }: { object: SharedObject; onClose: () => void }) {
  const { type, name } = object;
  const key = ['access', 'who', type, name];
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => api.call(listObjectAccess, { query: { type, object: name, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: ObjectAccess) => last.next ?? undefined,
  });
  const columns: TableColumn<Row>[] = [
    { key: 'who', title: 'Who', isHead: true, render: ({ user }) => <span style={{ display: 'block', minWidth: 150 }}>{user.email}</span> },
    { key: 'may', title: 'May', isWide: true, render: ({ permissions }) => <Text size="sm">{permissions.map((one) => permissionWords[one]).join(', ')}</Text> },
    { key: 'through', title: 'Through', isWide: true, render: (row) => <Sources row={row} refresh={key} /> },
  ];
  return (
    <Modal opened onClose={onClose} title={`Share ${object.title}`} size="xl">
      <Stack>
        <ShareForm object={object} refresh={key} />
        <section>
          <Title order={3} mb={4}>
            Who has access
          </Title>
          <Loaded query={query} lines={3}>
            {({ pages }) => <DataTable label="Who has access" columns={columns} rows={pages.flatMap((page) => page.items)} rowKey={(row) => row.user.id} />}
          </Loaded>
          {query.hasNextPage && (
            <Button mt="xs" size="xs" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Show more
            </Button>
          )}
        </section>
      </Stack>
    </Modal>
  );
}

function ShareForm({ object, refresh }: { object: SharedObject; refresh: unknown[] }) {
  const queries = useQueryClient();
  const [user, setUser] = useState('');
  const [permissions, setPermissions] = useState<string[]>(usual[object.type]);
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const share = useMutation({
    mutationFn: () =>
      api.call(createGrant, {
        body: { user, reason, until: endOfDay(until), share: { type: object.type, object: object.name, permissions: permissions as Permission[] } },
      }),
    onSuccess: () => {
      setUser('');
      return queries.invalidateQueries({ queryKey: refresh });
    },
  });
  return (
    <SubmitForm mutation={share} action="Share" disabled={user === '' || permissions.length === 0}>
      <Group grow align="flex-start">
        <MemberField label="With" value={user} onChange={setUser} />
        <TextInput
          label="Until"
          description="Empty: until you take it back"
          type="date"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      </Group>
      <MultiSelect
        label="May"
        required
        data={offered[object.type].map((value) => ({ value, label: permissionWords[value] }))}
        value={permissions}
        onChange={setPermissions}
      />
      <TextInput label="Reason" required minLength={3} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </SubmitForm>
  );
}

function Sources({ row, refresh }: { row: Row; refresh: unknown[] }) {
  return (
    <Stack gap={4}>
      {row.through.map((one) => (
        <Group key={one.source + (one.grant ?? '')} gap={6} wrap="nowrap">
          <Text size="sm">
            {one.source}
            {one.until && (
              <>
                {' '}
                until <Time at={one.until} />
              </>
            )}
          </Text>
          {one.grant !== null && <TakeBack id={one.grant} email={row.user.email} refresh={refresh} />}
        </Group>
      ))}
    </Stack>
  );
}

function TakeBack({ id, email, refresh }: { id: string; email: string; refresh: unknown[] }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.call(revokeGrant, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: refresh }),
  });
  const ask = { title: `Take it back from ${email}?`, text: 'It ends at once. What the role gives stays.', confirm: 'Take it back', isDanger: true };
  return (
    <ConfirmButton size="compact-xs" ask={ask} mutation={revoke} aria-label={`Take back the grant of ${email}`}>
      Take back
    </ConfirmButton>
  );
}

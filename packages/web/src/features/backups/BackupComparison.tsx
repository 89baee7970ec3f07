import { Button, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { compareBackupRows } from '@tidewheel/client/routes';
import type { BackupDifference, BackupRowDifference, BackupTableDifference } from '@tidewheel/contract/backup';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { ScrollBox } from '../../shared/ScrollBox.tsx';

interface Compared {
  backup: number;
  body: { passphrase?: string };
}

/** By kind: what comes back, what changes back, what came later and stays. One kind opens to its rows. */
export function BackupComparison({ backup, body, difference: { tables, files } }: Compared & { difference: BackupDifference }) {
  const [open, setOpen] = useState<string | null>(null);
  const differing = tables.filter(({ added, changed, kept, spent }) => added + changed + kept + spent > 0);
  const columns: TableColumn<BackupTableDifference>[] = [
    { key: 'title', title: 'Kind', isHead: true, render: ({ title }) => title },
    { key: 'added', title: 'Come back', align: 'right', render: ({ added }) => added },
    { key: 'changed', title: 'Change back', align: 'right', render: ({ changed }) => changed },
    { key: 'kept', title: 'Came later, stay', align: 'right', render: ({ kept }) => kept },
    ...(tables.some(({ spent }) => spent > 0)
      ? [{ key: 'spent', title: 'Processed since, stay away', align: 'right', render: ({ spent }) => spent } satisfies TableColumn<BackupTableDifference>]
      : []),
    {
      key: 'open',
      title: '',
      align: 'right',
      render: ({ table, title }) => (
        <Button size="compact-xs" variant="default" aria-label={`Rows of ${title}`} onClick={() => setOpen(table === open ? null : table)}>
          {table === open ? 'Hide' : 'Rows'}
        </Button>
      ),
    },
  ];
  return (
    <section aria-label="Comparison">
      <Title order={3} mb={4}>
        What a restore does
      </Title>
      {differing.length === 0 ? (
        <Text size="sm">Nothing differs: all of it is as the backup has it.</Text>
      ) : (
        <DataTable label="Kinds that differ" columns={columns} rows={differing} rowKey={({ table }) => table} isSelected={({ table }) => table === open} />
      )}
      {files.missing > 0 && (
        <Text size="sm" mt={4}>
          {files.missing} files that the object store does not have come back.
        </Text>
      )}
      {open !== null && <RowsOfKind key={open} backup={backup} body={body} table={open} />}
    </section>
  );
}

function RowsOfKind({ backup, body, table }: Compared & { table: string }) {
  const query = useQuery({
    queryKey: ['backups', 'rows', backup, table, body.passphrase === undefined],
    queryFn: () => api.call(compareBackupRows, { params: { backup, table }, body }),
    gcTime: 0,
  });
  return (
    <Stack gap="sm" mt="sm">
      <Loaded query={query} lines={3}>
        {({ title, rows, more }) => (
          <>
            <Title order={4}>{title}</Title>
            {rows.map((row) => (
              <RowView key={`${row.change} ${row.name} ${String(row.was?.['id'] ?? row.now?.['id'] ?? '')}`} row={row} />
            ))}
            {more && <Text size="sm">There are more than are shown here.</Text>}
          </>
        )}
      </Loaded>
    </Stack>
  );
}

const changeWords = { added: 'comes back', changed: 'changes back', kept: 'came later and stays', spent: 'was processed since and stays away' } as const;
interface Field {
  name: string;
  now: string;
  was: string;
}
const fieldColumns: TableColumn<Field>[] = [
  { key: 'name', title: 'Field', isHead: true, render: ({ name }) => name },
  { key: 'now', title: 'Now', isWide: true, render: ({ now }) => now },
  { key: 'was', title: 'In the backup', isWide: true, render: ({ was }) => was },
];

function RowView({ row: { change, name, now, was } }: { row: BackupRowDifference }) {
  const fields = Object.keys(was ?? now ?? {})
    .map((field) => ({ name: field, now: textOf(now, field), was: textOf(was, field) }))
    .filter((field) => field.now !== field.was);
  return (
    <details>
      <summary>
        <Text span size="sm" fw={600}>
          {name}
        </Text>{' '}
        <Text span size="sm">
          {changeWords[change]}
        </Text>
      </summary>
      <ScrollBox label={`Fields of ${name}`}>
        <DataTable label={`Fields of ${name}`} columns={fieldColumns} rows={fields} rowKey={(field) => field.name} />
      </ScrollBox>
    </details>
  );
}

function textOf(row: Record<string, unknown> | null, field: string): string {
  const value = row?.[field];
  if (value === undefined || value === null) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

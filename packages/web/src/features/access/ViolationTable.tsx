import { Text } from '@mantine/core';
import type { Violation } from '@tidewheel/contract/routes/separations';
import { permissionWords } from '../../shared/access/permission-words.ts';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';

const columns: TableColumn<Violation>[] = [
  { key: 'who', title: 'Who', isHead: true, render: ({ user }) => user.email },
  {
    key: 'both',
    title: 'Holds both',
    isWide: true,
    render: ({ permissions: [left, right], separation }) => (
      <>
        <Text size="sm">
          {permissionWords[left]}, {permissionWords[right]}
        </Text>
        <Text size="xs" c="dimmed">
          {separation.title}
        </Text>
      </>
    ),
  },
  { key: 'by', title: 'By', isWide: true, render: ({ through, exempt }) => `${through.join(', ')}${exempt ? ' (administrators hold everything)' : ''}` },
];

/** Who holds together what should be apart. */
export function ViolationTable({ violations }: { violations: Violation[] }) {
  return <DataTable label="Who holds both" columns={columns} rows={violations} rowKey={({ user, separation }) => user.id + separation.id} />;
}

import { Text, UnstyledButton } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ColorUpload } from '@tidewheel/contract/routes/color-uploads';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { PagedList } from '../../shared/PagedList.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import { uploadsQuery } from './buffer.queries.ts';
import { uploadState } from './upload-words.ts';

/** What came, newest first. */
export function UploadList({ onOpen }: { onOpen: (id: string) => void }) {
  const query = useInfiniteQuery(uploadsQuery());
  const columns: TableColumn<ColorUpload>[] = [
    {
      key: 'title',
      title: 'Upload',
      isHead: true,
      render: ({ id, title }) => (
        <UnstyledButton onClick={() => onOpen(id)} aria-label={`Open ${title}`}>
          <Text size="sm" fw={600} td="underline">
            {title}
          </Text>
        </UnstyledButton>
      ),
    },
    { key: 'state', title: 'State', render: (upload) => <StatusBadge {...uploadState(upload)} bare /> },
    { key: 'source', title: 'Source', render: ({ source }) => source ?? '–' },
    { key: 'rows', title: 'Colors', align: 'right', render: ({ rows }) => rows },
    { key: 'doubtful', title: 'Doubtful', align: 'right', render: ({ doubtful }) => doubtful },
    { key: 'duplicates', title: 'Duplicates', align: 'right', render: ({ duplicates }) => duplicates },
    { key: 'refused', title: 'Refused', align: 'right', render: ({ refused }) => refused },
    { key: 'waiting', title: 'Waiting', align: 'right', render: ({ waiting }) => waiting },
    { key: 'at', title: 'Came', render: ({ createdAt }) => <Time at={createdAt} relative /> },
    { key: 'by', title: 'By', isWide: true, render: ({ createdBy }) => createdBy },
  ];
  const empty = (
    <EmptyState icon={IconInbox} title="Nothing came yet">
      Files that are dropped, pastes, and what flows collect are listed here, with what was refused and why.
    </EmptyState>
  );
  return <PagedList label="Uploads" query={query} columns={columns} rowKey={({ id }) => id} empty={empty} one="upload" many="uploads" />;
}

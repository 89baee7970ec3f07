import { Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { downloadFile, removeFile } from '@tidewheel/client/routes';
import type { StoredFile } from '@tidewheel/contract/routes/files';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { CopyText } from '../../shared/CopyText.tsx';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { DownloadButton } from '../../shared/DownloadButton.tsx';
import { formatBytes } from '../../shared/format.ts';
import { useCan } from '../../shared/session.ts';
import { Time } from '../../shared/Time.tsx';

export function useFileColumns(): TableColumn<StoredFile>[] {
  const canEdit = useCan('file.edit');
  return [
    {
      key: 'name',
      title: 'File',
      isHead: true,
      render: (file) => (
        <>
          <Text size="sm" fw={600}>
            {file.name}
          </Text>
          <Text size="xs" c="dimmed">
            {file.slug}
          </Text>
        </>
      ),
    },
    { key: 'size', title: 'Size', align: 'right', render: (file) => formatBytes(file.size) },
    { key: 'sha', title: 'SHA-256', isWide: true, render: (file) => <CopyText value={file.sha256} label={`SHA-256 of ${file.name}`} short={12} /> },
    { key: 'at', title: 'Uploaded', render: (file) => <Time at={file.createdAt} relative /> },
    { key: 'by', title: 'By', isWide: true, render: (file) => file.createdBy },
    {
      key: 'actions',
      title: '',
      align: 'right',
      render: (file) => (
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <DownloadButton href={api.addressOf(downloadFile, { params: { slug: file.slug } })} fileName={file.name} />
          {canEdit && <RemoveFile file={file} />}
        </Group>
      ),
    },
  ];
}

function RemoveFile({ file }: { file: StoredFile }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.call(removeFile, { params: { slug: file.slug } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['files'] }),
  });
  const ask = {
    title: `Remove ${file.name}?`,
    text: 'Steps that name this file will fail. Runs that used it keep their results.',
    confirm: 'Remove',
    isDanger: true,
  };
  return (
    <ConfirmButton size="xs" ask={ask} mutation={remove} aria-label={`Remove ${file.name}`}>
      Remove
    </ConfirmButton>
  );
}

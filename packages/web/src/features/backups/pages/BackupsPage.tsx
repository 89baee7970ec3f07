import { Button, FileButton, Text } from '@mantine/core';
import { IconDatabaseExport, IconUpload } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { uploadBackup } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { BackupDrawer } from '../BackupDrawer.tsx';
import { backupColumns } from '../backup-columns.tsx';
import { backupsKey, backupsQuery } from '../backups.queries.ts';
import { NewBackupDialog } from '../NewBackupDialog.tsx';

const route = getRouteApi('/app/admin/backups');

/** The backups of the workspace; one of them opens at the right. */
export function BackupsPage() {
  const { backup } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [isMaking, setMaking] = useState(false);
  const query = useInfiniteQuery({
    ...backupsQuery(),
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some((one) => one.state === 'making')) ? 2_000 : false),
  });
  const open = (number: number | undefined) => void navigate({ search: number === undefined ? {} : { backup: number }, replace: true });
  const upload = useMutation({
    mutationFn: (file: File) => api.call(uploadBackup, { body: file }),
    onSuccess: async ({ number }) => {
      await queries.invalidateQueries({ queryKey: backupsKey });
      open(number);
    },
  });
  const empty = (
    <EmptyState icon={IconDatabaseExport} title="No backups yet">
      Make one now, or let a flow with the step backup.workspace make one every night.
    </EmptyState>
  );
  return (
    <>
      <PageHeader
        title="Backups"
        facts={<Text size="sm">What people set up, and the color desk with its runs. Runs of other flows, the audit trail and people are not in it.</Text>}
        actions={
          <>
            <FileButton onChange={(file) => file && upload.mutate(file)}>
              {(button) => (
                <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} loading={upload.isPending} {...button}>
                  Upload a backup
                </Button>
              )}
            </FileButton>
            <Button onClick={() => setMaking(true)}>Make a backup</Button>
          </>
        }
      />
      {upload.error && <ErrorNotice error={upload.error} />}
      <PagedList
        label="Backups"
        query={query}
        columns={backupColumns(open)}
        rowKey={({ number }) => String(number)}
        empty={empty}
        one="backup"
        many="backups"
      />
      {isMaking && (
        <NewBackupDialog
          onClose={() => setMaking(false)}
          onMade={(number) => {
            setMaking(false);
            open(number);
          }}
        />
      )}
      {backup !== undefined && <BackupDrawer key={backup} number={backup} onClose={() => open(undefined)} />}
    </>
  );
}

import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { archiveWorkspace, restoreWorkspace } from '@tidewheel/client/routes';
import type { Workspace } from '@tidewheel/contract/routes/workspaces';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { meQuery } from '../../shared/session.ts';
import { WorkspaceDialog } from './WorkspaceDialog.tsx';

export function WorkspaceActions({ workspace }: { workspace: Workspace }) {
  const queries = useQueryClient();
  const [opened, dialog] = useDisclosure(false);
  const params = { slug: workspace.slug };
  const isArchived = workspace.archivedAt !== null;
  const change = useMutation({
    mutationFn: () => (isArchived ? api.call(restoreWorkspace, { params }) : api.call(archiveWorkspace, { params })),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: ['workspaces'] }), queries.invalidateQueries({ queryKey: meQuery.queryKey })]),
  });
  const ask = isArchived
    ? { title: `Restore ${workspace.title}?`, text: 'Its members can enter again, and runs start again.', confirm: 'Restore' }
    : {
        title: `Archive ${workspace.title}?`,
        text: 'Nobody can enter it and no run starts in it. What runs goes on to its end.',
        confirm: 'Archive',
        isDanger: true,
      };
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <Button size="xs" variant="default" onClick={dialog.open} aria-label={`Rename ${workspace.title}`}>
        Rename
      </Button>
      {!workspace.main && (
        <ConfirmButton size="xs" ask={ask} mutation={change} aria-label={`${ask.confirm} ${workspace.title}`}>
          {ask.confirm}
        </ConfirmButton>
      )}
      {opened && <WorkspaceDialog workspace={workspace} onClose={dialog.close} />}
    </Group>
  );
}

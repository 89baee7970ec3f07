import { Button, Group, Text } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { archiveFlow, restoreFlow } from '@tidewheel/client/routes';
import type { Flow } from '@tidewheel/contract/routes/flows';
import { ShareButton } from '../../shared/access/ShareButton.tsx';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { HistoryLink } from '../../shared/HistoryLink.tsx';
import { kindTitles } from '../../shared/kinds.ts';
import { PageHeader } from '../../shared/PageHeader.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { useCan } from '../../shared/session.ts';
import { statusOf } from '../../shared/status.ts';
import { Time } from '../../shared/Time.tsx';
import { FlowMenu } from './FlowMenu.tsx';
import { FlowPromises } from './FlowPromises.tsx';

export function FlowHeader({ flow, isDirty, onRun }: { flow: Flow; isDirty: boolean; onRun: () => void }) {
  const attributes = { flow: flow.slug, folder: flow.folder, kind: flow.kind };
  const canEdit = useCan('flow.edit', attributes);
  const canRun = useCan('flow.run', attributes);
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['flows'] });
  const archive = useMutation({ mutationFn: () => api.call(archiveFlow, { params: { slug: flow.slug } }), onSuccess: refresh });
  const restore = useMutation({ mutationFn: () => api.call(restoreFlow, { params: { slug: flow.slug } }), onSuccess: refresh });
  const isArchived = flow.archivedAt !== null;
  const facts = (
    <>
      <span>{kindTitles[flow.kind]}</span>
      <span>
        version {flow.version}, <Time at={flow.updatedAt} relative />
      </span>
      <FlowPromises document={flow.document} />
      {flow.lastRun && (
        <Link to="/runs/$id" params={{ id: flow.lastRun.id }} style={{ textDecoration: 'none' }} aria-label={`Last run: ${statusOf(flow.lastRun.state).label}`}>
          <StatusBadge state={flow.lastRun.state} />
        </Link>
      )}
      <HistoryLink id={flow.id} />
      {isArchived && (
        <Text component="span" size="sm" c="var(--tw-wait)">
          archived
        </Text>
      )}
      {flow.off && (
        <Text component="span" size="sm" c="var(--tw-wait)">
          switched off by {flow.off.by}, <Time at={flow.off.at} relative />: {flow.off.reason}
        </Text>
      )}
    </>
  );
  const actions = (
    <Group gap="xs" maw="calc(100vw - 32px)">
      <FlowMenu flow={flow} canEdit={canEdit} canRun={canRun} />
      <ShareButton object={{ type: 'flow', name: flow.slug, title: flow.title, attributes }} />
      {canEdit &&
        (isArchived ? (
          <Button variant="default" loading={restore.isPending} leftSection={<IconArchiveOff size={16} aria-hidden />} onClick={() => restore.mutate()}>
            Restore
          </Button>
        ) : (
          <ConfirmButton
            ask={{
              title: 'Archive this flow?',
              text: 'It no longer shows in lists and cannot be run. Its runs stay, and it can be restored.',
              confirm: 'Archive',
            }}
            mutation={archive}
            leftSection={<IconArchive size={16} aria-hidden />}
          >
            Archive
          </ConfirmButton>
        ))}
      {canRun && !isArchived && (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          onClick={onRun}
          disabled={isDirty || flow.off !== null}
          title={flow.off ? 'It is switched off' : isDirty ? 'Save or discard the changes first' : undefined}
        >
          Run
        </Button>
      )}
    </Group>
  );
  return (
    <>
      <PageHeader title={flow.title} above={<Link to="/flows">Flows</Link>} facts={facts} actions={actions} />
      {flow.description && (
        <Text size="sm" c="dimmed" mt={-8} mb="sm" maw={900}>
          {flow.description}
        </Text>
      )}
    </>
  );
}

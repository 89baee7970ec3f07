import { Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { itemName } from '@tidewheel/contract/item-name';
import type { Run } from '@tidewheel/contract/run';
import { formatCell } from '../../shared/format.ts';
import { HistoryLink } from '../../shared/HistoryLink.tsx';
import { PageHeader } from '../../shared/PageHeader.tsx';
import { RunMarks } from '../../shared/runs/RunMarks.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import { RunActions } from './RunActions.tsx';
import { RunAncestors } from './RunAncestors.tsx';

function OriginLink({ kind, slug }: { kind: 'schedule' | 'trigger'; slug: string }) {
  return (
    <Link to={kind === 'schedule' ? '/schedules/$slug' : '/triggers/$slug'} params={{ slug }} search={{}}>
      {kind} {slug}
    </Link>
  );
}

export function RunHeader({ run, isBehind }: { run: Run; isBehind: boolean }) {
  const facts = (
    <>
      <StatusBadge state={run.state} />
      <RunMarks run={run} />
      <span>
        started by {run.startedBy ?? 'somebody'} <Time at={run.createdAt} relative />
      </span>
      {run.origin && (
        <span>
          <OriginLink kind={run.origin.kind} slug={run.origin.slug} />
          {run.origin.instant && (
            <>
              , due <Time at={run.origin.instant} />
            </>
          )}
        </span>
      )}
      {run.priority !== 0 && <span>priority {run.priority}</span>}
      {run.deadlineAt && (
        <span>
          deadline <Time at={run.deadlineAt} />
        </span>
      )}
      <span>{run.draft ? `test of draft ${run.version}` : `version ${run.version}`}</span>
      {run.parent && run.parent.value !== null && run.parent.value !== undefined && (
        <span>for {(itemName(run.parent.value) ?? formatCell(run.parent.value)).slice(0, 120)}</span>
      )}
      <HistoryLink id={run.id} />
      {run.rerunOf && (
        <Link to="/runs/$id" params={{ id: run.rerunOf }}>
          re-run of an earlier run
        </Link>
      )}
      {isBehind && (
        <Text size="sm" c="var(--tw-wait)" component="span" style={{ display: 'inline-flex', gap: 4, alignItems: 'center' }}>
          <IconPlugConnectedX size={15} aria-hidden />
          Connection lost, reconnecting…
        </Text>
      )}
    </>
  );
  return (
    <PageHeader
      title={`${run.flowTitle} #${run.number}`}
      above={
        <>
          <Link to="/runs">Runs</Link> /{' '}
          <Link to="/flows/$slug" params={{ slug: run.flow }}>
            {run.flow}
          </Link>
          <RunAncestors run={run} />
        </>
      }
      facts={facts}
      actions={<RunActions run={run} />}
    />
  );
}

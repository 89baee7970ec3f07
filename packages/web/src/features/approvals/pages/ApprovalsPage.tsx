import { SegmentedControl } from '@mantine/core';
import { IconWritingSign } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { approvalColumns } from '../approval-columns.tsx';
import { type ApprovalsState, approvalsQuery } from '../approvals.queries.ts';

const route = getRouteApi('/app/approvals');
const choices = [
  { value: 'mine', label: 'For me' },
  { value: 'open', label: 'All open' },
  { value: 'decided', label: 'Decided' },
];
const empty: Record<ApprovalsState, { title: string; text: string }> = {
  mine: { title: 'Nothing waits for you', text: 'When a run asks you for an approval it stands here, and you get a mail.' },
  open: { title: 'Nothing waits for anybody', text: 'A flow with a step of the type Approval waits here until people have decided.' },
  decided: { title: 'Nothing was decided yet', text: 'Each approval stays here with who decided, when, and on what.' },
};

/** What waits for a decision: of whoever looks, of anybody, or what was decided. */
export function ApprovalsPage() {
  const { state = 'mine' } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({ ...approvalsQuery(state), refetchInterval: 10_000 });
  const { title, text } = empty[state];
  const nothing = (
    <EmptyState
      icon={IconWritingSign}
      title={title}
      action={
        state === 'mine' ? (
          <LinkButton to="/approvals" search={{ state: 'open' }} variant="default">
            See all that are open
          </LinkButton>
        ) : (
          <LinkButton to="/runs" variant="default">
            See the runs
          </LinkButton>
        )
      }
    >
      {text}
    </EmptyState>
  );
  return (
    <>
      <PageHeader title="Approvals" />
      <SegmentedControl
        mb="sm"
        size="xs"
        aria-label="Which"
        data={choices}
        value={state}
        onChange={(value) => void navigate({ search: value === 'mine' ? {} : { state: value as ApprovalsState }, replace: true })}
      />
      <PagedList label="Approvals" query={query} columns={approvalColumns} rowKey={(one) => one.id} empty={nothing} one="approval" many="approvals" />
    </>
  );
}

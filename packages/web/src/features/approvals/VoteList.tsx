import { Stack, Text, Title } from '@mantine/core';
import type { Approval, ApprovalVote } from '@tidewheel/contract/routes/approvals';
import { PairList } from '../../shared/PairList.tsx';
import classes from '../../shared/Split.module.css';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';

/** The decisions so far, and who can still decide. */
export function VoteList({ approval }: { approval: Approval }) {
  const { votes, deciders, outcome, approvers, approved, quorum } = approval;
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="Decisions">
      <Title order={2} mb={4}>
        {approved} of {quorum} approved
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Asked: {approvers.join(', ')}
      </Text>
      <Stack gap="sm">
        {votes.map((vote) => (
          <Vote key={vote.at + vote.by} vote={vote} />
        ))}
      </Stack>
      {outcome === null && (
        <>
          <Title order={3} mt="sm" mb={4}>
            Who can decide
          </Title>
          {deciders.length === 0 ? (
            <Text c="var(--tw-wait)">Nobody can decide. Somebody has to get one of the roles that are asked, or cancel the run.</Text>
          ) : (
            <ul style={{ margin: 0, paddingLeft: 18 }}>
              {deciders.map((one) => (
                <li key={`${one.email} ${one.onBehalfOf}`}>
                  {one.name} <Text span c="dimmed" size="sm">{`${one.email}${one.onBehalfOf ? ` for ${one.onBehalfOf}` : ''}`}</Text>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  );
}

function Vote({ vote }: { vote: ApprovalVote }) {
  const filled = Object.entries(vote.form);
  return (
    <div>
      <StatusBadge state={vote.decision === 'approve' ? 'succeeded' : 'failed'} label={vote.decision === 'approve' ? 'Approved' : 'Rejected'} bare />
      <Text size="sm">
        {vote.by}
        {vote.onBehalfOf ? ` for ${vote.onBehalfOf}` : ''}, <Time at={vote.at} relative />
      </Text>
      {vote.comment && (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
          {vote.comment}
        </Text>
      )}
      {filled.length > 0 && <PairList pairs={filled.map(([name, value]) => [name, String(value)])} />}
    </div>
  );
}

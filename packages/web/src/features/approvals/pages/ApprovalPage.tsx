import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Approval } from '@tidewheel/contract/routes/approvals';
import { CopyText } from '../../../shared/CopyText.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { PairList } from '../../../shared/PairList.tsx';
import classes from '../../../shared/Split.module.css';
import { StatusBadge } from '../../../shared/StatusBadge.tsx';
import { Time } from '../../../shared/Time.tsx';
import { stateOf } from '../approval-state.ts';
import { approvalQuery } from '../approvals.queries.ts';
import { DecisionPanel } from '../DecisionPanel.tsx';
import { StepBefore } from '../StepBefore.tsx';
import { VoteList } from '../VoteList.tsx';

const route = getRouteApi('/app/approvals/$id');

/** One approval: what is approved, and the decision. */
export function ApprovalPage() {
  const { id } = route.useParams();
  const query = useQuery(approvalQuery(id));
  return (
    <>
      <PageHeader
        above={<Link to="/approvals">Approvals</Link>}
        title={query.data?.title ?? 'Approval'}
        facts={query.data && <StatusBadge {...stateOf(query.data)} />}
      />
      <Loaded query={query}>
        {(one) => (
          <div className={classes['split']}>
            <div className={classes['side']}>
              <Subject approval={one} />
              <Before approval={one} />
            </div>
            <div className={classes['side']}>
              <DecisionPanel key={`${one.id} ${one.hash}`} approval={one} />
              <VoteList approval={one} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}

function Subject({ approval }: { approval: Approval }) {
  const { run, runNumber, flow, flowTitle, step, startedBy, openedAt, until, hash, parameters, description } = approval;
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="What is to be approved">
      <Title order={2} mb={8}>
        What is to be approved
      </Title>
      {description && (
        <Text mb="sm" style={{ whiteSpace: 'pre-wrap' }}>
          {description}
        </Text>
      )}
      <PairList
        pairs={[
          [
            'Flow',
            <Link key="flow" to="/flows/$slug" params={{ slug: flow }}>
              {flowTitle}
            </Link>,
          ],
          [
            'Run',
            <Link key="run" to="/runs/$id" params={{ id: run }} search={{ step }}>
              {runNumber}, step {step}
            </Link>,
          ],
          ['Started by', startedBy ?? '–'],
          ['Opened', <Time key="opened" at={openedAt} />],
          ['Expires', until ? <Time key="until" at={until} /> : 'never'],
          ...Object.entries(parameters).map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
          ['Hash', <CopyText key="hash" value={hash} label="hash" short={16} />],
        ]}
      />
      <Text size="xs" c="dimmed" mt="xs">
        The hash is of all of this and of what the steps before it left. A decision is bound to it.
      </Text>
    </section>
  );
}

function Before({ approval }: { approval: Approval }) {
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="What came before">
      <Title order={2} mb={8}>
        What came before
      </Title>
      {approval.before.length === 0 ? (
        <Text c="dimmed">No step comes before it.</Text>
      ) : (
        approval.before.map((step) => <StepBefore key={step.step} run={approval.run} step={step} />)
      )}
    </section>
  );
}

import { Anchor, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { StepWhy } from '@tidewheel/contract/routes/run-why';
import type { Run } from '@tidewheel/contract/run';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import { groupWhys } from './group-whys.ts';
import { whyQuery } from './runs.queries.ts';
import classes from './Why.module.css';
import { WhyText } from './WhyText.tsx';

const mostShown = 200;

/** Every step that does not run, with its reason, and what was tried again. */
export function WhyList({ run, onSelect }: { run: Run; onSelect: (step: string) => void }) {
  const query = useQuery(whyQuery(run));
  return (
    <Loaded query={query} lines={4}>
      {({ reason, steps }) =>
        reason === null && steps.length === 0 ? (
          <EmptyState icon={IconCircleCheck} title="Nothing to explain">
            {run.state === 'succeeded' ? 'Every step succeeded, each at its first attempt.' : 'Every step that can run runs.'}
          </EmptyState>
        ) : (
          <ul className={classes['list']}>
            {reason && (
              <li>
                <div className={classes['head']}>
                  <strong>The run</strong>
                  <StatusBadge state={run.state} bare />
                </div>
                <WhyText reason={reason} />
              </li>
            )}
            <StepItems groups={groupWhys(steps)} onSelect={onSelect} />
          </ul>
        )
      }
    </Loaded>
  );
}

function StepItems({ groups, onSelect }: { groups: StepWhy[][]; onSelect: (step: string) => void }) {
  return (
    <>
      {groups.slice(0, mostShown).map((group) => (
        <StepItem key={group[0]?.step} group={group} onSelect={onSelect} />
      ))}
      {groups.length > mostShown && <li>{groups.length - mostShown} further steps: choose one in the graph.</li>}
    </>
  );
}

function StepItem({ group, onSelect }: { group: StepWhy[]; onSelect: (step: string) => void }) {
  const [first] = group;
  if (!first) return null;
  const { state, reason, retries, attemptsLeft } = first;
  return (
    <li>
      <div className={classes['head']}>
        {group.map(({ step }) => (
          <Anchor key={step} component="button" type="button" size="sm" fw={600} onClick={() => onSelect(step)}>
            {step}
          </Anchor>
        ))}
        <StatusBadge state={state} bare />
        {attemptsLeft !== null && retries.length > 0 && (
          <Text size="xs" c="dimmed" component="span">
            {attemptsLeft} {attemptsLeft === 1 ? 'attempt' : 'attempts'} left
          </Text>
        )}
      </div>
      {reason && <WhyText reason={reason} />}
      {retries.map((retry) => (
        <Text key={`${retry.attempt} ${retry.at}`} size="xs" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
          Attempt {retry.attempt} failed <Time at={retry.at} /> ({retry.code}): {retry.message}
        </Text>
      ))}
    </li>
  );
}

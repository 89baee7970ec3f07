import { Text } from '@mantine/core';
import { IconClockPause } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { isFinal } from '@tidewheel/client/states';
import type { Run, StepRun } from '@tidewheel/contract/run';
import { whyQuery } from './runs.queries.ts';
import classes from './Why.module.css';
import { WhyText } from './WhyText.tsx';

/** Why the run does not go on. What ended a run is told by its error and its steps. */
export function WhyNotice({ run }: { run: Run }) {
  const query = useQuery({ ...whyQuery(run), enabled: !isFinal(run.state) });
  const reason = isFinal(run.state) ? null : query.data?.reason;
  // Between two looks of a worker nothing needs to be said.
  if (!reason || ['due', 'taken', 'following'].includes(reason.code)) return null;
  return (
    <section className={classes['notice']} aria-label="Why it does not go on">
      <IconClockPause size={18} aria-hidden style={{ flex: 'none', color: 'var(--tw-wait)' }} />
      <WhyText reason={reason} />
    </section>
  );
}

/** Why one step does not run; until the answer is there, what was recorded with it. */
export function StepReason({ run, step }: { run: Run; step: StepRun }) {
  const isAsked = step.state !== 'succeeded' && step.state !== 'running';
  const query = useQuery({ ...whyQuery(run), enabled: isAsked });
  if (!isAsked) return step.reason ? <Text size="sm">{step.reason}</Text> : null;
  const why = query.data?.steps.find((each) => each.step === step.step);
  // The error panel tells of a failure already.
  if (step.error && step.state === 'failed') return null;
  if (why?.reason && why.state === step.state) return <WhyText reason={why.reason} />;
  return step.reason ? <Text size="sm">{step.reason}</Text> : null;
}

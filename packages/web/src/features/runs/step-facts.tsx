import { Link } from '@tanstack/react-router';
import type { StepRun } from '@tidewheel/contract/run';
import type { ReactNode } from 'react';
import { Elapsed } from '../../shared/Elapsed.tsx';
import { formatCount } from '../../shared/format.ts';
import { Time } from '../../shared/Time.tsx';

/** What is known of a step, without the facts that it does not have. */
export function stepFacts(step: StepRun): [string, ReactNode][] {
  const counts = step.counts;
  const facts: [string, ReactNode, boolean][] = [
    ['Duration', <Elapsed key="d" startedAt={step.startedAt} finishedAt={step.finishedAt} />, step.startedAt !== null],
    ['Started', <Time key="s" at={step.startedAt} />, step.startedAt !== null],
    [
      'Result of',
      <Link key="r" to="/runs/$id" params={{ id: step.reusedFrom ?? '' }} search={{ step: step.step }}>
        an earlier run
      </Link>,
      step.reusedFrom !== null,
    ],
    ['Took', step.branches?.join(', '), step.branches !== null],
    ['Attempt', step.attempt, step.attempt > 0],
    [
      'Worker',
      <span key="w" className="tw-mono" title={step.worker ?? undefined}>
        {step.worker?.slice(-12)}
      </span>,
      step.worker !== null,
    ],
    ['Rows in', formatCount(counts?.rowsIn ?? 0), counts !== null && counts.rowsIn !== null],
    ['Rows out', formatCount(counts?.rowsOut ?? 0), counts !== null && counts.rowsOut !== null],
    ['Dropped', formatCount(counts?.dropped ?? 0), (counts?.dropped ?? 0) > 0],
    ['Rejected', formatCount(counts?.rejected ?? 0), counts !== null],
    ['Columns', step.table?.columns.length, step.table !== null],
  ];
  return facts.filter(([, , isKnown]) => isKnown).map(([title, value]) => [title, value]);
}

// Pure: what a waiting step waits for, and who ends it.
import type { WhyReason } from '@tidewheel/contract/routes/run-why';
import type { NamedRun, WaitFacts, WhyFacts } from './facts.ts';
import { counted, named, reasonOf } from './reason.ts';

export function whyWaits(facts: WhyFacts, wait: WaitFacts): WhyReason {
  if (wait.kind === 'timer') return whyTimer(facts, wait);
  if (wait.kind === 'approval') return whyApproval(facts, wait);
  return wait.kind === 'children' ? whyChildren(facts, wait) : whyCalled(facts, wait);
}

function whyTimer(facts: WhyFacts, { since, until }: WaitFacts): WhyReason {
  return reasonOf(facts, {
    code: 'timer',
    text: until ? `It waits until ${until.toISOString()}` : 'It waits',
    since,
    until,
    change: ['It goes on by itself at that time; whoever may cancel the run can end the waiting.', 'run.cancel'],
  });
}

function whyCalled(facts: WhyFacts, { kind, name, since, until }: WaitFacts): WhyReason {
  const isSignal = kind === 'signal';
  return reasonOf(facts, {
    code: isSignal ? 'signal' : 'callback',
    text: isSignal ? `It waits for the signal ${name}` : `It waits for a call to its address that ends with /${name}`,
    since,
    until,
    change: [
      isSignal
        ? `Whoever may run the flow sends it, with \`tidewheel run signal ${facts.run.number} ${name}\`.`
        : `The system that got the address calls it; whoever may run the flow sees it, with \`tidewheel run callback ${facts.run.number} ${name}\`.`,
      'flow.run',
    ],
    figures: { name: name ?? '' },
  });
}

function whyApproval(facts: WhyFacts, { approval, since, until }: WaitFacts): WhyReason {
  const { id = '', approvers = [], approved = 0, quorum = 1, deciders = 0, you = false } = approval ?? {};
  const nobody = approved + deciders >= quorum ? '' : deciders === 0 ? '; nobody can decide' : `; only ${counted(deciders, 'person can', 'people can')} decide`;
  return reasonOf(facts, {
    code: 'approval',
    text: `It waits for the approval of ${named(approvers, 'or')}: ${approved} of ${quorum} given${nobody}`,
    since,
    until,
    change: [`Whoever is asked decides, under Approvals or with \`tidewheel approval show ${id}\`; not who started the run.`, 'approval.decide', you],
    figures: { ...(approval && { approval: id }), approved, quorum },
  });
}

function whyChildren(facts: WhyFacts, { children, since }: WaitFacts): WhyReason {
  const { total = null, running = 0, ended = 0, failed = 0, failedRuns = [] } = children ?? {};
  const of = total === null ? '' : ` of ${total.toLocaleString('en')}`;
  const bad = failed === 0 ? '' : `, ${failed.toLocaleString('en')} failed${failedRuns.some(Boolean) ? ` (${named(failedRuns.map(runName))})` : ''}`;
  return reasonOf(facts, {
    code: 'children',
    text: `It waits for the runs below it: ${ended.toLocaleString('en')}${of} have ended${bad}; ${running.toLocaleString('en')} ${running === 1 ? 'goes' : 'go'} on`,
    since,
    change: 'It goes on when they have ended; each of them says itself what it waits for.',
    figures: { ...(total === null ? {} : { total }), ended, failed, runs: failedRuns.filter((run) => run !== null) },
  });
}

export function runName(run: NamedRun): string {
  return run === null ? 'a run that you may not see' : `run ${run.number}`;
}

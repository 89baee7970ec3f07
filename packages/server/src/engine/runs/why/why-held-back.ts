// Pure: what is not queued because its run may not go on, or because others have what it needs.
import type { WhyReason } from '@tidewheel/contract/routes/run-why';
import type { ParkedFacts, WhyFacts } from './facts.ts';
import { counted, named, reasonOf } from './reason.ts';
import { runName } from './why-waits.ts';

export function whyParked(facts: WhyFacts, parked: ParkedFacts): WhyReason {
  if (parked.why === 'slot') return whySlot(facts, parked);
  return (parked.why === 'held' ? whyRunHeld(facts) : null) ?? whyRunPaused(facts) ?? backInQueue(facts, parked);
}

export function whyRunPaused(facts: WhyFacts): WhyReason | null {
  const { paused } = facts.hold;
  if (!paused) return null;
  return reasonOf(facts, {
    code: 'paused',
    text: `${paused.by} paused the run: what runs ends, nothing further begins`,
    since: paused.at,
    by: paused.by,
    change: [`Whoever may cancel the run lets it go on, with \`tidewheel run resume ${facts.run.number}\`.`, 'run.cancel'],
  });
}

export function whyRunHeld(facts: WhyFacts): WhyReason | null {
  const { held } = facts.hold;
  if (!held) return null;
  const before = held.before === 0 ? '' : `, and ${counted(held.before, 'other that waits', 'others that wait')} before it`;
  return reasonOf(facts, {
    code: 'held',
    text: `It has not begun: ${named(held.through.map(runName)) || 'another run'} ${held.through.length > 1 ? 'go' : 'goes'} first${before}`,
    since: held.at,
    change: ['It begins by itself when they are over; whoever may cancel them can end them. `overlap` of the flow says how many go at once.', 'run.cancel'],
    figures: { ahead: held.before, runs: held.through.filter((run) => run !== null) },
  });
}

function whySlot(facts: WhyFacts, { keys, since, ahead, holders }: ParkedFacts): WhyReason {
  const who = holders.map(({ run, step, since: from }) => `${runName(run)} step ${step} since ${from.toISOString()}`);
  const queue = ahead === null ? '' : ahead === 0 ? '; it is the next' : `; ${counted(ahead, 'other that waits goes', 'others that wait go')} first`;
  return reasonOf(facts, {
    code: 'slot',
    text: `It waits for a free slot of ${named(keys)}${who.length === 0 ? '' : `: held by ${named(who)}`}${queue}`,
    since,
    change: ['A slot becomes free when one of them ends; whoever may change the flow can raise `slots` of its `limit`.', 'flow.edit'],
    figures: { keys, ...(ahead === null ? {} : { ahead }), runs: holders.flatMap(({ run }) => run ?? []) },
  });
}

/** What held it back has just ended. */
function backInQueue(facts: WhyFacts, { since }: ParkedFacts): WhyReason {
  return reasonOf(facts, { code: 'following', text: 'What held it back has just ended; it is being queued', since, change: 'It changes by itself, at once.' });
}

// For each guard a scenario in which the protocol fails without it.
import type { Guard } from './guards.ts';
import type { scenarios } from './protocol.ts';

export const controls: readonly { guard: Guard; scenario: keyof typeof scenarios }[] = [
  { guard: 'claimFence', scenario: 'chain' },
  { guard: 'flushFence', scenario: 'fork' },
  { guard: 'slotFence', scenario: 'slots' },
  { guard: 'writeGate', scenario: 'cancel' },
  { guard: 'flushNumber', scenario: 'chain' },
  { guard: 'unknownClaims', scenario: 'chain' },
  { guard: 'proofOfLife', scenario: 'chain' },
  { guard: 'beatBelowGone', scenario: 'chain' },
  { guard: 'endsBackends', scenario: 'chain' },
  { guard: 'leftovers', scenario: 'chain' },
  { guard: 'keyLock', scenario: 'slots' },
  { guard: 'slotWithLease', scenario: 'slots' },
  { guard: 'parksInOneCommit', scenario: 'slots' },
  { guard: 'safetyNet', scenario: 'slots' },
  { guard: 'cancelLooksLast', scenario: 'cancel' },
  { guard: 'answerOnce', scenario: 'wait' },
];

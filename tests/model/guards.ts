// What keeps the protocol right. Each can be taken away, and the checker must then find what goes wrong: a check that cannot fail proves nothing.

export const guards = {
  claimFence: 'a claim is refused, or waited for by the burial, through the row of its worker',
  flushFence: 'a commit is refused once its worker is dead',
  slotFence: 'a slot is taken, or a unit parked, only by a worker that is alive and has the lease',
  writeGate: 'a final state is never overwritten, and only what was really written has consequences',
  flushNumber: 'a commit whose answer was lost is looked up by its number',
  unknownClaims: 'a claim whose answer was lost goes back before the next one',
  proofOfLife: 'a worker begins nothing while its last beat is too old for it to be sure that it is alive',
  beatBelowGone: 'that age is below the age at which a worker without its lock is taken to be gone',
  endsBackends: 'a supervisor ends the connections of a worker before it locks its row',
  leftovers: 'what a dead worker still holds goes back each round',
  keyLock: 'the row of a key is locked before its slots are counted',
  slotWithLease: 'a slot goes with its lease',
  parksInOneCommit: 'a unit is parked in the transaction that ends its job',
  safetyNet: 'a supervisor lets parked units in where slots are free',
  cancelLooksLast: 'a cancellation looks for leases after it has taken back what is queued',
  answerOnce: 'an answer is written and queues its job in one transaction, and the second answer is refused',
} as const;

export type Guard = keyof typeof guards;
/** The guards that are taken away. */
export type Without = ReadonlySet<Guard>;

// Pure: whether somebody can decide on an approval, for whom, and if not, why not.
import type { Decider } from './approvals.store.ts';

export interface Asking {
  userId: string | null;
  /** Of an account: only people decide. */
  kind: string | undefined;
  requesters: readonly string[];
  /** Of the person who asks: his own right, and those lent to him. */
  own: readonly Decider[];
  votes: readonly { user_id: string; represents: string }[];
  ended: boolean;
  /** Holds approval.decide on it. */
  may: boolean;
}

export type Refusal = 'ended' | 'not_a_person' | 'requester' | 'voted' | 'not_asked' | 'represented' | 'permission';

export type Eligibility = { can: true; as: Decider[] } | { can: false; refusal: Refusal };

export function eligibility({ userId, kind, requesters, own, votes, ended, may }: Asking): Eligibility {
  if (ended) return { can: false, refusal: 'ended' };
  if (userId === null || kind === 'service') return { can: false, refusal: 'not_a_person' };
  if (requesters.includes(userId)) return { can: false, refusal: 'requester' };
  if (votes.some((vote) => vote.user_id === userId)) return { can: false, refusal: 'voted' };
  if (own.length === 0) return { can: false, refusal: 'not_asked' };
  const left = own.filter((one) => !votes.some((vote) => vote.represents === one.represents));
  if (left.length === 0) return { can: false, refusal: 'represented' };
  return may ? { can: true, as: left } : { can: false, refusal: 'permission' };
}

export const refusalTexts: Record<Refusal, string> = {
  ended: 'It is decided, or over.',
  not_a_person: 'Only people decide; programs and the local operator never do.',
  requester: 'You asked for it yourself, by starting the run: somebody else decides.',
  voted: 'You have decided.',
  not_asked: 'You are not one of those who are asked, and nobody of them has lent you the right.',
  represented: 'Somebody has decided in your place.',
  permission: 'You need the permission approval.decide.',
};

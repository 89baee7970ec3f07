// What is alike becomes one message, and nobody gets more than so many in an hour. Pure: what is open and what went lately is given.
export interface Intent {
  /** When it would go out. */
  due: Date;
  /** What is alike for this recipient and channel. */
  alike: string;
  groupMinutes: number;
  perHour: number;
  isDigest: boolean;
  /** Kept in the pages: folded into what is there already, read or not. */
  isInbox: boolean;
}

/** A message that others may be folded into. */
export interface Leader {
  id: string;
  alike: string;
  alikeUntil: Date;
  /** Nobody has begun to send it. */
  isOpen: boolean;
}

/** For one recipient and channel. */
export interface Shelf {
  leaders: Map<string, Leader>;
  sentInHour: number;
}

export type Place = { into: Leader } | { alike: string; alikeUntil: Date | null; due: Date; reason: string | null };

const hourMs = 3_600_000;
/** What stands on one shelf whatever it is about: what is over the rate, and what belongs to a digest. */
const over = 'over the rate';
const digest = 'digest';

export function isSeveral(alike: string): boolean {
  return alike === over || alike === digest;
}

/** Where an intent goes. Whoever takes a place of its own has to be put on the shelf by `shelve`. */
export function placeOf(shelf: Shelf, intent: Intent, now: Date): Place {
  const alike = intent.isDigest ? digest : intent.alike;
  const before = openAt(shelf, alike, now);
  if (before && (before.isOpen || intent.isInbox)) return { into: before };
  if (!intent.isDigest && shelf.sentInHour >= intent.perHour) return overTheRate(shelf, intent, now);
  if (before)
    return {
      alike,
      due: later(before.alikeUntil, intent.due),
      alikeUntil: after(later(before.alikeUntil, intent.due), intent.groupMinutes),
      reason: 'others like it went just before',
    };
  if (intent.isDigest) return { alike, due: intent.due, alikeUntil: intent.due, reason: null };
  return { alike, due: intent.due, alikeUntil: intent.groupMinutes === 0 ? null : after(intent.due, intent.groupMinutes), reason: null };
}

function overTheRate(shelf: Shelf, { perHour, isInbox, due }: Intent, now: Date): Place {
  const before = openAt(shelf, over, now);
  if (before && (before.isOpen || isInbox)) return { into: before };
  const end = later(before?.alikeUntil ?? new Date(now.getTime() + (isInbox ? 0 : hourMs)), due);
  return { alike: over, due: end, alikeUntil: new Date(end.getTime() + hourMs), reason: `more than ${perHour} in an hour` };
}

export function shelve(shelf: Shelf, { id, place, isInbox }: { id: string; place: Exclude<Place, { into: Leader }>; isInbox: boolean }): void {
  shelf.sentInHour += 1;
  if (place.alikeUntil) shelf.leaders.set(place.alike, { id, alike: place.alike, alikeUntil: place.alikeUntil, isOpen: !isInbox });
}

function openAt(shelf: Shelf, alike: string, now: Date): Leader | undefined {
  const found = shelf.leaders.get(alike);
  return found && (found.isOpen || found.alikeUntil > now) ? found : undefined;
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

function after(from: Date, minutes: number): Date {
  return new Date(from.getTime() + minutes * 60_000);
}

// Each event, rule, recipient and channel, judged: what is to be sent when, what is left out and why. One remains for an event, recipient and channel.
import type { Severity } from '@tidewheel/contract/notification';
import { severities } from '@tidewheel/contract/notification';
import type { RuleContent } from '@tidewheel/contract/notify';
import { standardPreferences } from '../built-in.ts';
import type { Reachable } from '../ports.ts';
import { type OpenChannel, reachOf, type Settings, templateFor } from '../settings/effective.ts';
import type { EventFacts } from './facts.ts';
import type { Meant, Roster } from './recipients.ts';
import { maySee } from './visible.ts';
import { wishOf } from './wanted.ts';

export interface RuleHit {
  facts: EventFacts;
  slug: string;
  content: RuleContent;
  isBuiltIn: boolean;
}

export interface Candidate {
  hit: RuleHit;
  channel: string;
  via: 'mail' | 'inbox' | 'call';
  recipient: string;
  userId: string | null;
  address: string | null;
  severity: Severity;
  template: string;
  because: string;
  /** When, or why not. */
  due: Date | null;
  isDigest: boolean;
  reason: string | null;
}

export interface Known {
  settings: Settings;
  roster: Roster;
  reachable: ReadonlyMap<string, Reachable>;
  hasMail: boolean;
  now: Date;
}

export function candidatesOf(hits: readonly RuleHit[], known: Known): Candidate[] {
  const best = new Map<string, Candidate>();
  for (const candidate of hits.flatMap((hit) => hit.content.channels.flatMap((slug) => byChannel(hit, slug, known)))) {
    const key = `${candidate.hit.facts.id}\n${candidate.channel}\n${candidate.recipient}`;
    const before = best.get(key);
    if (!before || isBetter(candidate, before)) best.set(key, candidate);
  }
  return [...best.values()];
}

/** What is told counts more than what is left out, then what is graver. */
function isBetter(one: Candidate, other: Candidate): boolean {
  if ((one.due === null) !== (other.due === null)) return one.due !== null;
  return severities.indexOf(one.severity) > severities.indexOf(other.severity);
}

function byChannel(hit: RuleHit, slug: string, known: Known): Candidate[] {
  const open = known.settings.channels.get(slug);
  // A rule is refused when it names a channel that is not there; one that was removed since is nobody's any more.
  if (!open) return [];
  const whole = (because: string): Omit<Candidate, 'recipient' | 'userId' | 'address'> => ({
    hit,
    channel: slug,
    via: open.channel.via,
    severity: hit.content.severity ?? hit.facts.severity,
    template: templateFor(known.settings.templates, { named: hit.content.template, kind: hit.facts.kind }),
    because,
    due: known.now,
    isDigest: false,
    reason: null,
  });
  const isPrivate = hit.facts.onlyFor !== null;
  if (reachOf(open) === 'place')
    return isPrivate ? [] : [standing({ ...whole('a rule names this channel'), recipient: 'place', userId: null, address: null }, open, known)];
  const meant = { facts: hit.facts, slug: hit.slug, to: hit.content.to };
  const people = known.roster.peopleOf(meant).flatMap((one) => {
    // The local operator reads what is behind the bell, by the command line; he has no mailbox.
    if (one.person.isLocal && open.channel.via !== 'inbox') return [];
    const wished = asWished({ ...whole(one.because), recipient: `user:${one.person.id}`, userId: one.person.id, address: one.person.email }, one, known);
    return wished === null ? [] : [standing(wished, open, known)];
  });
  if (open.channel.via === 'inbox' || isPrivate) return people;
  const addresses = known.roster.addressesOf(meant);
  return [
    ...people,
    ...addresses.map((address) => standing({ ...whole('a rule names this address'), recipient: `address:${address}`, userId: null, address }, open, known)),
  ];
}

/** Null: nobody would miss it. */
function asWished(candidate: Candidate, { person, asWatcher }: Meant, { roster, reachable, now }: Known): Candidate | null {
  const { facts, content, isBuiltIn } = candidate.hit;
  const somebody = reachable.get(person.id);
  if (!somebody || !maySee(somebody, facts)) return null;
  const wish = wishOf(
    { chosen: roster.preferences.get(person.id) ?? null, standard: standardPreferences, isBuiltIn },
    {
      kind: facts.kind,
      severity: candidate.severity,
      flow: facts.flow?.slug ?? null,
      channel: candidate.channel,
      via: candidate.via,
      asWatcher,
      evenMuted: content.evenMuted,
    },
    now,
  );
  if (!('leftOut' in wish)) return { ...candidate, due: wish.at, isDigest: wish.isDigest, reason: wish.reason };
  return wish.silently ? null : { ...candidate, due: null, reason: wish.leftOut };
}

/** What the channel itself has against it. */
function standing(candidate: Candidate, { enabled, channel }: OpenChannel, { hasMail }: Known): Candidate {
  if (candidate.due === null) return candidate;
  if (!enabled) return { ...candidate, due: null, reason: 'the channel is switched off' };
  return channel.via === 'mail' && !hasMail ? { ...candidate, due: null, reason: 'no mail server is set' } : candidate;
}

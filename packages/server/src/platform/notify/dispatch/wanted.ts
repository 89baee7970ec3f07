// What somebody's preferences make of something he would be told of. Pure.
import type { Severity } from '@tidewheel/contract/notification';
import type { NotificationPreferences } from '@tidewheel/contract/notify';
import { digestAt, quietUntil } from './local-time.ts';

export interface Telling {
  kind: string;
  severity: Severity;
  flow: string | null;
  channel: string;
  /** What is kept in the pages disturbs nobody: it waits for nothing. */
  via: 'mail' | 'inbox' | 'call';
  /** As what he is told: who watches a flow wants every end of it. */
  asWatcher: boolean;
  /** The rule goes to those who muted it, too. */
  evenMuted: boolean;
}

/** `at`: when to send; `reason`: why not now. Left out: why not at all; `silently` where nobody would miss it in the log. */
export type Wish = { at: Date; isDigest: boolean; reason: string | null } | { leftOut: string; silently: boolean };

/** `chosen`: what he set; null when he never did, then runs that went well are told where a rule names him, and not by the built-in ones. */
export function wishOf(
  { chosen, standard, isBuiltIn }: { chosen: NotificationPreferences | null; standard: NotificationPreferences; isBuiltIn: boolean },
  telling: Telling,
  now: Date,
): Wish {
  const wanted = chosen ?? standard;
  const muted = mutedBy(wanted, telling);
  if (muted) return { leftOut: `muted by preference: ${muted}`, silently: false };
  const counts = chosen !== null || isBuiltIn;
  if (counts && !telling.asWatcher && !telling.evenMuted && !wantsOutcome(wanted.outcomes, telling.kind))
    return { leftOut: `muted by preference: only ${wanted.outcomes === 'failure' ? 'failures' : 'successes'}`, silently: isBuiltIn };
  return timed(wanted, telling, now);
}

function mutedBy({ enabled, mutedChannels, mute }: NotificationPreferences, { channel, flow, evenMuted }: Telling): string | null {
  if (!enabled) return 'everything';
  if (mutedChannels.includes(channel)) return `the channel ${channel}`;
  return flow !== null && !evenMuted && mute.includes(flow) ? `the flow ${flow}` : null;
}

function wantsOutcome(outcomes: NotificationPreferences['outcomes'], kind: string): boolean {
  if (outcomes === 'all' || !kind.startsWith('run.')) return true;
  return (kind === 'run.succeeded') === (outcomes === 'success');
}

function timed(wanted: NotificationPreferences, { via, severity }: Telling, now: Date): Wish {
  if (via === 'inbox' || (severity === 'critical' && wanted.criticalAtOnce)) return { at: now, isDigest: false, reason: null };
  const digest = digestAt(wanted, now);
  const due = digest ?? now;
  const quiet = quietUntil(wanted, due);
  if (quiet) return { at: quiet, isDigest: digest !== null, reason: 'put off by quiet hours' };
  return { at: due, isDigest: digest !== null, reason: digest ? `part of the ${wanted.digest} digest` : null };
}

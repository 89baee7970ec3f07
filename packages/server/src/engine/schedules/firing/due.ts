// What becomes of the moments that are due: those on time fire, those that were missed are seen to as the policy says. Pure.
import type { CompiledTiming } from '../timing/compile.ts';
import type { Span } from '../timing/occurrences.ts';
import { type Overrides, type Planned, planned } from '../timing/search.ts';

export interface Due {
  fires: Planned[];
  /** Not fired, and why. */
  skips: { moment: Planned; why: string }[];
}

/** More than so many are not looked at one by one. */
const mostListed = 1_000;
/** So many of those that are left out are kept in the history, the newest. */
const mostKept = 100;

/** `since`: the first moment that may be due. */
export function dueMoments(timing: CompiledTiming, { since, now, overrides }: { since: number; now: number; overrides: Overrides }): Due {
  const { misfire, graceSeconds, catchUp } = timing.policies;
  const border = now - graceSeconds * 1_000;
  const onTime = [...planned(timing, { from: Math.max(since, border), to: now + 1 }, overrides)];
  if (since >= border) return { fires: onTime, skips: [] };
  const { moments: missed, more } = newest(timing, { from: since, to: border }, overrides);
  const most = misfire === 'skip' ? 0 : misfire === 'runOnce' ? 1 : catchUp;
  const caught = most === 0 ? [] : missed.slice(-most);
  const left = missed.slice(0, missed.length - caught.length);
  return { fires: [...caught.map(late), ...onTime], skips: whySkipped({ left, more, misfire }) };
}

function late(moment: Planned): Planned {
  return { ...moment, notes: [...moment.notes, 'Missed at its time, made up for'] };
}

function whySkipped({ left, more, misfire }: { left: Planned[]; more: boolean; misfire: string }): Due['skips'] {
  const kept = left.slice(-mostKept);
  const dropped = left.length - kept.length;
  const policy = misfire === 'skip' ? 'nothing that was missed is made up for' : 'a newer one was made up for instead';
  return kept.map((moment, place) => {
    const others = place === 0 && (dropped > 0 || more) ? `; as were ${more ? 'more than ' : ''}${(dropped || mostListed).toLocaleString('en')} before it` : '';
    return { moment, why: `Missed, and left out: ${policy}${others}` };
  });
}

/** The last so many of a span, in order: looked for from its end, since there may be millions. */
function newest(timing: CompiledTiming, span: Span, overrides: Overrides): { moments: Planned[]; more: boolean } {
  for (let back = 60_000; ; back *= 4) {
    const from = Math.max(span.from, span.to - back);
    const moments: Planned[] = [];
    for (const moment of planned(timing, { from, to: span.to }, overrides)) moments.push(moment);
    if (from === span.from || moments.length >= mostListed)
      return { moments: moments.slice(-mostListed), more: from > span.from || moments.length > mostListed };
  }
}

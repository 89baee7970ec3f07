// Why a schedule fires, or does not, on one date.
import type { DateExplanation } from '@tidewheel/contract/schedule';
import type { CompiledRule, CompiledTiming, IntervalRule } from './compile.ts';
import { countedInstants } from './interval-moments.ts';
import type { Span } from './occurrences.ts';
import { type Overrides, planned, viewPlanned } from './search.ts';
import { capital, secondOfWall, timeText, toDate, wallOf, weekdayName } from './wall.ts';
import { type DayRange, isWithin } from './windows.ts';
import { instantOf, stretches, wallAt } from './zone.ts';

type Explained = Omit<DateExplanation, 'firings'>;

const wholeDay = { from: 0, to: 86_400 };
/** Of a rule that names many times on a date, the first few are spoken of. */
const mostTimes = 5;

export function explainDate(timing: CompiledTiming, { day, overrides }: { day: number; overrides: Overrides }): Explained {
  const { timeZone, closed } = timing;
  const span = { from: instantOf(timeZone, wallOf(day, 0)), to: instantOf(timeZone, wallOf(day + 1, 0)) };
  const fires = span.from < span.to ? [...planned(timing, span, overrides)].slice(0, 100).map((one) => viewPlanned(timing, one)) : [];
  const why = closed.why(day);
  const notes = [
    ...(why === null ? [] : [`${toDate(day)} is off: ${why}.`]),
    ...validity(timing, day),
    ...timing.rules.flatMap((rule) => ruleNotes(timing, { rule, day })),
    ...timing.intervals.flatMap((rule) => intervalNotes(timing, { rule, day, span })),
    ...clockNotes(timing, span),
    ...byHand(overrides, span),
  ];
  const verdict = verdictOf(timing, { day, fires: fires.map(({ local }) => local.slice(11, 19).replace(/:00$/, '')), notes });
  return { date: toDate(day), verdict, isOpen: why === null, fires, notes };
}

function verdictOf(timing: CompiledTiming, { day, fires, notes }: { day: number; fires: string[]; notes: string[] }): string {
  const date = toDate(day);
  if (fires.length > 0) {
    const some = fires.slice(0, mostTimes).join(', ');
    return `Fires on ${date} at ${some}${fires.length > mostTimes ? ` and ${fires.length - mostTimes} more times` : ''}.`;
  }
  const why = timing.closed.why(day);
  if (why !== null && timing.timing.nonBusinessDay !== 'run') {
    const target = timing.closed.target(day);
    const isNamed = timing.rules.some((rule) => timesOf(timing, { rule, day }).length > 0);
    const moved = target !== null && target !== day && isNamed ? `, rolled to ${toDate(target)}` : '';
    return `Not fired: ${date} is ${why}${moved}.`;
  }
  return `Not fired: ${notes[0] ? lower(notes[0]) : `no rule names ${date}.`}`;
}

function lower(text: string): string {
  return /^(Rule|The )/.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
}

function validity({ timing, isValid }: CompiledTiming, day: number): string[] {
  if (isValid(day)) return [];
  return [timing.from !== null && toDate(day) < timing.from ? `The schedule begins on ${timing.from}.` : `The last day of the schedule is ${timing.to}.`];
}

function timesOf(_timing: CompiledTiming, { rule, day }: { rule: CompiledRule; day: number }): number[] {
  const found: number[] = [];
  for (const second of rule.times.times(day, wholeDay)) {
    found.push(second);
    if (found.length > mostTimes) break;
  }
  return found;
}

function ruleNotes(timing: CompiledTiming, { rule, day }: { rule: CompiledRule; day: number }): string[] {
  const who = `Rule ${rule.place + 1} (${rule.words()})`;
  const times = timesOf(timing, { rule, day });
  if (times.length === 0) return [`${who} does not name ${toDate(day)}, a ${capital(weekdayName(day))}: ${rule.times.whyNot(day)}.`];
  const text = timesText(times);
  const target = timing.closed.target(day);
  if (target === null) return [`${who} names ${text}, left out because the day is off.`];
  if (target !== day) return [`${who} names ${text}, moved to ${toDate(target)} because the day is off.`];
  return outsideNotes(who, { times, ranges: timing.ranges(day) });
}

/** What counts elapsed time is never moved to another day. */
function intervalNotes(timing: CompiledTiming, { rule, day, span }: { rule: IntervalRule; day: number; span: Span }): string[] {
  const who = `Rule ${rule.place + 1} (${rule.words()})`;
  const times = countedInstants(timing, { rule, span, most: mostTimes + 1 }).map((instant) => secondOfWall(wallAt(timing.timeZone, instant)));
  if (times.length === 0) return [`${who} does not name ${toDate(day)}: none of its times falls on that date.`];
  if (timing.timing.nonBusinessDay !== 'run' && timing.closed.why(day) !== null) return [`${who} names ${timesText(times)}, left out because the day is off.`];
  return outsideNotes(who, { times, ranges: timing.ranges(day) });
}

function outsideNotes(who: string, { times, ranges }: { times: number[]; ranges: readonly DayRange[] }): string[] {
  const outside = times.filter((second) => !isWithin(ranges, second));
  return outside.length > 0 ? [`${who} names ${timesText(outside)}, outside of the windows.`] : [];
}

function timesText(times: number[]): string {
  return `${times.slice(0, mostTimes).map(timeText).join(', ')}${times.length > mostTimes ? ', …' : ''}`;
}

function clockNotes({ timeZone, policies }: CompiledTiming, span: { from: number; to: number }): string[] {
  const notes: string[] = [];
  for (const { from, offset, before } of stretches(timeZone, span)) {
    if (from < span.from || offset === before) continue;
    const [earlier, later] = [timeText(secondOf(from + Math.min(before, offset))), timeText(secondOf(from + Math.max(before, offset)))];
    if (offset > before)
      notes.push(
        `The clocks leap from ${earlier} to ${later}: what is named between ${policies.gap === 'skip' ? 'is left out' : 'fires at the first moment after'}.`,
      );
    else notes.push(`The clocks go back from ${later} to ${earlier}: what is named between fires ${policies.overlap}.`);
  }
  return notes;
}
function secondOf(wall: number): number {
  return (((wall / 1_000) % 86_400) + 86_400) % 86_400;
}

function byHand(overrides: Overrides, { from, to }: { from: number; to: number }): string[] {
  return [...overrides]
    .filter(([instant]) => instant >= from && instant < to)
    .map(([instant, { to: moved }]) => {
      const at = new Date(instant).toISOString();
      return moved === null ? `Somebody left out ${at}.` : `Somebody moved ${at} to ${new Date(moved).toISOString()}.`;
    });
}

// What is to be seen of a step besides its type: how often it runs, what decides over it, what undoes it.
import { IconArrowBackUp, IconArrowsJoin2, IconFlagCheck, IconLifebuoy, IconRepeat, IconStack3 } from '@tabler/icons-react';
import type { Step } from '@tidewheel/contract/flow-document';
import { predecessorsOf } from '@tidewheel/contract/flow-steps';
import { formatCount } from '../shared/format.ts';
import type { StatusIcon } from '../shared/status.ts';

export interface StepMark {
  key: string;
  icon: StatusIcon;
  /** Beside the icon, where there is room for a word. */
  text?: string;
  title: string;
}

export interface BelowCounts {
  total: number | null;
  done: number;
  failed: number;
}

export function marksOf(step: Step, below: BelowCounts | null): StepMark[] {
  return [each(step, below), repeat(step, below), join(step), atTheEnd(step), mayFail(step), undo(step)].filter((mark) => mark !== null);
}

function each({ each: rule }: Step, below: BelowCounts | null): StepMark | null {
  if (!rule) return null;
  const of = rule.rows === undefined ? 'each item' : `each row of ${rule.rows}`;
  return { key: 'each', icon: IconStack3, text: countsText(below) ?? 'each', title: `Runs for ${of}, ${rule.concurrency} at once${failedText(below)}` };
}
function repeat({ repeat: rule }: Step, below: BelowCounts | null): StepMark | null {
  if (!rule) return null;
  const times = below ? `${formatCount(below.done)}×` : 'repeat';
  return { key: 'repeat', icon: IconRepeat, text: times, title: `Runs again until ${rule.until}, ${formatCount(rule.most)} times at most${failedText(below)}` };
}
function countsText(below: BelowCounts | null): string | null {
  if (!below) return null;
  return below.total === null ? `${formatCount(below.done)} done` : `${formatCount(below.done)}/${formatCount(below.total)}`;
}
function failedText(below: BelowCounts | null): string {
  return below && below.failed > 0 ? `; ${formatCount(below.failed)} failed` : '';
}

const joins = { all: 'all that come before it', any: 'the first that comes before it', taken: 'all before it that were taken' };
function join({ join: rule }: Step): StepMark | null {
  if (rule === undefined) return null;
  const waits = typeof rule === 'number' ? `${rule} of those before it` : joins[rule];
  return { key: 'join', icon: IconArrowsJoin2, text: String(rule), title: `Waits for ${waits}` };
}

function atTheEnd(step: Step): StepMark | null {
  if (predecessorsOf(step).length > 0 || step.on === undefined || step.on === 'success') return null;
  const when = step.on === 'failure' ? 'when the run has failed' : 'whatever happened';
  return { key: 'end', icon: IconFlagCheck, text: step.on === 'failure' ? 'if it failed' : 'at the end', title: `Runs at the end of the run, ${when}` };
}
function mayFail({ mayFail: may }: Step): StepMark | null {
  return may ? { key: 'mayFail', icon: IconLifebuoy, title: 'May fail: the run goes on' } : null;
}
function undo({ undo: rule }: Step): StepMark | null {
  return rule ? { key: 'undo', icon: IconArrowBackUp, title: `Undone by ${rule.use} when the run fails or is cancelled` } : null;
}

// One expression or template of a document: its syntax, the names in it, and that the steps it asks for have surely ended by then.
import { faultText } from '../../base/zod-faults.ts';
import { builtInBook, closestCalendar } from '../../platform/calendars/book.ts';
import { type Compiled, compile } from '../expressions/compile.ts';
import { namesOf, unknownName } from '../expressions/names.ts';
import { templateParts } from '../expressions/template.ts';
import type { CheckContext } from './check-context.ts';
import { notBefore } from './levels.ts';
import type { DraftStep } from './parse.ts';
import type { Keys } from './yaml-source.ts';

/** Names that only runs below a step see. */
export const ofItems = ['item', 'index'];
export const ofTimes = ['iteration', 'last'];

export interface Sight {
  /** Where it stands; null: at the end of the run, on the outermost level. */
  step: DraftStep | null;
  /** Names that are there besides the parameters. */
  locals: readonly string[];
  /** Steps that have ended by then although they are not before the step. */
  also?: readonly string[];
}

/** What the configuration of a step sees: its items or times, and those of the steps around it. */
export function sightInside(context: CheckContext, step: DraftStep): Sight {
  return { step, locals: [...localsAround(context, step), ...localsOf(step)] };
}
/** What decides whether and how often a step runs sees those of the steps around it only. */
export function sightOutside(context: CheckContext, step: DraftStep): Sight {
  return { step, locals: localsAround(context, step) };
}

function localsAround({ levels }: CheckContext, { inside }: DraftStep): string[] {
  return inside.flatMap((id, at) => {
    const around = levels.seen({ inside: inside.slice(0, at) }, id);
    return around ? localsOf(around) : [];
  });
}
function localsOf({ step }: DraftStep): string[] {
  return [...(step.each ? ofItems : []), ...(step.repeat ? ofTimes : [])];
}

interface TextCheck {
  context: CheckContext;
  keys: Keys;
  text: string;
  sight: Sight;
}

export function checkTemplate({ text, ...where }: TextCheck): void {
  if (!text.includes('{{')) return;
  try {
    for (const part of templateParts(text)) if ('expression' in part) checkExpression({ ...where, text: part.expression });
  } catch (thrown) {
    where.context.report({ keys: where.keys, ...faultText(thrown) });
  }
}

export function checkExpression({ context, keys, text, sight }: TextCheck): void {
  try {
    const compiled = compile(text);
    const unknown = misplacedName({ compiled, context, sight }) ?? unknownStep({ compiled, context, sight }) ?? unknownOther({ compiled, context, sight });
    if (unknown) context.report({ keys, ...unknown });
    for (const name of compiled.calendars ?? []) checkCalendar({ context, keys, name });
    if (sight.step) checkOrder({ context, keys, compiled, step: sight.step, also: sight.also ?? [] });
  } catch (thrown) {
    context.report({ keys, ...faultText(thrown) });
  }
}

/** Without a book there are only those that are built in. */
function checkCalendar({ context, keys, name }: { context: CheckContext; keys: Keys; name: string }): void {
  const book = context.calendars ?? builtInBook;
  if (book.has(name)) return;
  const slip = closestCalendar(name, book.names());
  const message = slip ? `there is no calendar "${name}"; did you mean "${slip}"?` : `there is no calendar "${name}"`;
  context.report({ keys, message, hint: 'See the list of calendars for the names that exist.' });
}

type Seeing = Omit<TextCheck, 'keys' | 'text'> & { compiled: Compiled };

function misplacedName({ compiled, context, sight }: Seeing): { message: string; hint: string } | null {
  const isFree = (name: string) => compiled.names.has(name) && !sight.locals.includes(name) && !Object.hasOwn(context.draft.parameters, name);
  const item = ofItems.find(isFree);
  if (item) return { message: `there is no "${item}" here`, hint: 'item and index are there in a step with `each`, and in the steps of a group with it.' };
  const time = ofTimes.find(isFree);
  return time
    ? { message: `there is no "${time}" here`, hint: 'iteration and last are there in a step with `repeat`, and in the steps of a group with it.' }
    : null;
}

/** A step inside a group is seen from there only. */
function unknownStep({ compiled, context: { levels }, sight }: Seeing): { message: string; hint: string } | null {
  for (const name of compiled.steps) {
    if (levels.whereSeen(sight.step ?? { inside: [] }, name)) continue;
    const place = levels.find(name);
    if (place && place.inside.length > 0) return hidden(name, place.inside);
  }
  return null;
}

export function hidden(name: string, inside: readonly string[]): { message: string; hint: string } {
  const group = inside.at(-1) as string;
  return {
    message: `"${name}" is inside steps.${group} and is not seen from here`,
    hint: `Take what steps.${group} gives: its value is that of its last step.`,
  };
}

function unknownOther({ compiled, context, sight }: Seeing): { message: string; hint?: string } | null {
  const locals = Object.fromEntries(sight.locals.map((name) => [name, null]));
  return unknownName({
    compiled,
    parameters: namesOf({ ...context.draft.parameters, ...locals }),
    steps: context.levels.namesFrom(sight.step ?? { inside: [] }),
  });
}

function checkOrder({
  context,
  keys,
  compiled,
  step,
  also,
}: {
  context: CheckContext;
  keys: Keys;
  compiled: Compiled;
  step: DraftStep;
  also: readonly string[];
}): void {
  if (compiled.steps.size === 0) return;
  for (const name of notBefore(context.levels, step, compiled.steps)) {
    if (also.includes(name) || !context.levels.seen(step, name)) continue;
    const isAround = step.inside.includes(name);
    const hint = isAround
      ? 'It ends only after the steps inside it.'
      : `Add after: ${name} to this step${step.inside.length > 0 ? ' or to one around it' : ''}.`;
    context.report({ keys, message: `asks for steps.${name}, which need not have run before`, hint });
  }
}

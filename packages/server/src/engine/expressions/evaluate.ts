// CEL as steps and conditions use it: evaluate, decide, fill templates.
import { type CelError, isCelError } from '@bufbuild/cel';
import { InvalidInput } from '@tidewheel/contract/errors';
import { isExhausted, sizeLimit, startBudget } from './budget.ts';
import { seeCalendars } from './calendars.ts';
import { type Compiled, compile } from './compile.ts';
import { excerpt } from './excerpt.ts';
import { namesOf, unknownName } from './names.ts';
import { bind, fromCel, type Scope } from './scope.ts';
import { templateParts } from './template.ts';

/**
 * The value of an expression as plain data (see fromCel). Synchronous and bounded: by the length of its text, its nesting and the work it does.
 * @throws InvalidInput whatever the expression is and whatever it does
 */
export function evaluate(expression: string, scope: Scope): unknown {
  const compiled = compile(expression);
  refuseUnknownNames({ expression, compiled, scope });
  startBudget();
  if (compiled.calendars) seeCalendars(scope.calendars);
  try {
    const result = compiled.run(bind(scope, compiled.names));
    if (isExhausted()) throw tooCostly(expression);
    if (isCelError(result)) throw failure(expression, result);
    return fromCel(result);
  } catch (thrown) {
    if (thrown instanceof InvalidInput) throw thrown;
    const reason =
      thrown instanceof RangeError ? 'it is nested too deeply or makes too large a value' : thrown instanceof Error ? thrown.message : String(thrown);
    throw new InvalidInput('expression.failed', `"${excerpt(expression)}" could not be evaluated: ${reason}.`, { cause: thrown });
  }
}

/** @throws InvalidInput also when the value is neither true nor false */
export function evaluateCondition(expression: string, scope: Scope): boolean {
  const value = evaluate(expression, scope);
  if (typeof value === 'boolean') return value;
  throw new InvalidInput('expression.not_boolean', `"${excerpt(expression)}" gives ${describe(value)}, but a condition must be true or false.`, {
    hint: 'Compare it with something, e.g. steps.trades.rows > 0.',
  });
}

/** `{{ CEL }}` in the text replaced by its value: text, numbers and booleans as they are, null as nothing. @throws InvalidInput */
export function renderTemplate(text: string, scope: Scope): string {
  if (!text.includes('{{')) return text;
  let rendered = '';
  for (const part of templateParts(text)) {
    rendered += 'text' in part ? part.text : asText(part.expression, evaluate(part.expression, scope));
    if (rendered.length > sizeLimit)
      throw new InvalidInput('template.too_large', `The text made from "${excerpt(text)}" is longer than ${sizeLimit.toLocaleString('en')} characters.`);
  }
  return rendered;
}

function asText(expression: string, value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new InvalidInput('template.not_text', `"${excerpt(expression)}" gives ${describe(value)}, which is no text.`, {
    hint: 'Name one of its fields, or write json(...) around it.',
  });
}

/** Looks at the syntax only. @returns null when it is sound */
export function checkExpression(expression: string): { message: string; hint?: string } | null {
  try {
    compile(expression);
    return null;
  } catch (thrown) {
    const { message, hint } = thrown as InvalidInput;
    return hint === undefined ? { message } : { message, hint };
  }
}

function refuseUnknownNames({ expression, compiled, scope }: { expression: string; compiled: Compiled; scope: Scope }): void {
  const fault = unknownName({ compiled, parameters: namesOf({ ...scope.parameters, ...scope.locals }), steps: scope.steps });
  if (fault)
    throw new InvalidInput('expression.unknown_name', `"${excerpt(expression)}": ${fault.message}.`, fault.hint === undefined ? {} : { hint: fault.hint });
}

function tooCostly(expression: string): InvalidInput {
  return new InvalidInput('expression.too_costly', `"${excerpt(expression)}" does too much work.`, {
    hint: 'Loop over smaller lists, or do this in a table step.',
  });
}

function failure(expression: string, error: CelError): InvalidInput {
  const ours = causeOf(error);
  if (ours) return new InvalidInput(ours.code, `"${excerpt(expression)}": ${ours.message}`, ours.hint === undefined ? {} : { hint: ours.hint });
  const hint = hintFor(error.message);
  return new InvalidInput('expression.failed', `"${excerpt(expression)}" could not be evaluated: ${error.message}.`, hint === undefined ? {} : { hint });
}

function causeOf(error: unknown): InvalidInput | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 10; cause = cause.cause, depth++) if (cause instanceof InvalidInput) return cause;
  return undefined;
}

function hintFor(message: string): string | undefined {
  const overload = /no matching overload for '(.+?)' applied to '\((.*)\)'/.exec(message);
  if (overload) return hintForTypes(overload[2] as string);
  if (message.startsWith('field not found')) return 'Ask first with has(x.field), or look at the value the step recorded.';
  if (message.startsWith('unbound function')) return 'See docs/flow-document.md for the functions there are.';
  return undefined;
}
function hintForTypes(types: string): string {
  const number = /\b(int|uint|double)\b/.test(types);
  if (/\bint\b/.test(types) && /\bdouble\b/.test(types))
    return 'One is a whole number, the other a decimal one: convert with double(x) or int(x), and write 1.0 instead of 1.';
  if (number && /\bstring\b/.test(types)) return 'One is a number, the other text: convert with string(x), int(x) or double(x).';
  if (/\bnull_type\b/.test(types)) return 'One of them is null: ask first, as in x != null && x > 0.';
  return `These types do not go together: ${types}.`;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? `the text "${excerpt(value)}"` : `${value}`;
}

// Turns the text of an expression into something that can be evaluated many times, with what it refers to and a meter on its loops.
import { type CelInput, type CelResult, parse, plan } from '@bufbuild/cel';
import { InvalidInput } from '@tidewheel/contract/errors';
import { calendarFunction } from './calendars.ts';
import { excerpt } from './excerpt.ts';
import { appendFunction, environment, tickFunction } from './functions.ts';

export const expressionLimit = 10_000;
/** The parser and the evaluator recurse: brackets deeper than this are refused before they reach the stack. */
const deepestBrackets = 100;

type Expr = ReturnType<typeof parse>['expr'];
type Kind = Expr['exprKind'];
type Comprehension = Extract<Kind, { case: 'comprehensionExpr' }>['value'];

export interface Compiled {
  /** Free names: parameters, `steps`, `run`, `now`, `today`. */
  names: ReadonlySet<string>;
  /** The steps it names, as in `steps.trades` or `steps["trades"]`. */
  steps: ReadonlySet<string>;
  /** The fields it reads below a free name, dotted: `event.run.state`. Those that it only asks for by `has` are not among them. */
  fields: ReadonlySet<string>;
  /** The calendars it names, as in `calendar("TARGET")`; null: it asks for none. A name that is computed is not among them. */
  calendars: ReadonlySet<string> | null;
  run(bindings: Record<string, CelInput>): CelResult;
}

const cache = new Map<string, Compiled>();
const cacheLimit = 2_000;

/** @throws InvalidInput `expression.syntax` */
export function compile(expression: string): Compiled {
  const known = cache.get(expression);
  if (known) return known;
  const compiled = compileAnew(expression);
  if (cache.size >= cacheLimit) cache.delete(cache.keys().next().value as string);
  cache.set(expression, compiled);
  return compiled;
}

function compileAnew(expression: string): Compiled {
  refuseExcess(expression);
  try {
    const { expr } = parse(expression);
    const names = new Set<string>();
    const steps = new Set<string>();
    const fields = new Set<string>();
    const calendars: CalendarCalls = { names: new Set(), any: false };
    survey({ expr, names, steps, fields, calendars, bound: new Set() });
    return { names, steps, fields, calendars: calendars.any ? calendars.names : null, run: plan(environment, expr) };
  } catch (thrown) {
    throw syntaxError(expression, thrown);
  }
}

function refuseExcess(expression: string): void {
  if (expression.length > expressionLimit) {
    throw new InvalidInput(
      'expression.too_long',
      `The expression has ${expression.length.toLocaleString('en')} characters; at most ${expressionLimit.toLocaleString('en')} are allowed.`,
    );
  }
  if (expression.trim() === '') throw new InvalidInput('expression.syntax', 'The expression is empty.');
  let depth = 0;
  for (const character of expression) {
    if (character === '(' || character === '[' || character === '{') depth++;
    else if (character === ')' || character === ']' || character === '}') depth--;
    if (depth > deepestBrackets) throw tooDeep();
  }
}

function tooDeep(): InvalidInput {
  return new InvalidInput('expression.too_deep', 'The expression is nested too deeply.', { hint: 'Split it: let a step compute part of it.' });
}

function syntaxError(expression: string, thrown: unknown): InvalidInput {
  if (thrown instanceof InvalidInput) return thrown;
  if (thrown instanceof RangeError) return tooDeep();
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const place = /<input>:(\d+):(\d+): (.*)$/s.exec(text);
  if (!place) return new InvalidInput('expression.syntax', `"${excerpt(expression)}" is not valid CEL: ${text}.`);
  const found = (place[3] as string).replace(/ but expecting .*$/s, '').replace(/^found end of input$/, 'it ends too early');
  const where = place[1] === '1' ? `at character ${place[2]}` : `on line ${place[1]} at character ${place[2]}`;
  return new InvalidInput('expression.syntax', `"${excerpt(expression)}" is not valid CEL ${where}: ${found.replace(/^found /, 'did not expect ')}.`, {
    hint: 'CEL compares with == and joins conditions with && and ||; text stands in quotes.',
  });
}

interface CalendarCalls {
  names: Set<string>;
  any: boolean;
}

interface Survey {
  expr: Expr | undefined;
  names: Set<string>;
  steps: Set<string>;
  fields: Set<string>;
  calendars: CalendarCalls;
  bound: ReadonlySet<string>;
}

/** Collects the free names, puts a meter on every loop, and returns the cost of one evaluation in units of the budget. */
function survey({ expr, names, steps, fields, calendars, bound }: Survey): number {
  const kind = expr?.exprKind;
  const visit = (inner: Expr | undefined): number => survey({ expr: inner, names, steps, fields, calendars, bound });
  switch (kind?.case) {
    case 'identExpr':
      if (!bound.has(kind.value.name)) names.add(kind.value.name);
      return 1;
    case 'selectExpr':
      noteField(fields, expr, bound);
      if (!bound.has('steps') && isSteps(kind.value.operand)) steps.add(kind.value.field);
      return 1 + visit(kind.value.operand);
    case 'callExpr': {
      const { function: name, target, args } = kind.value;
      const key = name === '_[_]' && isSteps(args[0]) ? textOf(args[1]) : undefined;
      if (key !== undefined && !bound.has('steps')) steps.add(key);
      if (name === calendarFunction && !target) noteCalendar(calendars, args[0]);
      return costOf(name) + visit(target) + args.reduce((sum, arg) => sum + visit(arg), 0);
    }
    case 'listExpr':
      return 1 + kind.value.elements.reduce((sum, element) => sum + visit(element), 0);
    case 'structExpr':
      return 1 + kind.value.entries.reduce((sum, entry) => sum + visit(entry.value) + (entry.keyKind.case === 'mapKey' ? visit(entry.keyKind.value) : 0), 0);
    case 'comprehensionExpr':
      return surveyLoop({ loop: kind.value, names, steps, fields, calendars, bound });
    default:
      return 1;
  }
}

function noteField(fields: Set<string>, expr: Expr | undefined, bound: ReadonlySet<string>): void {
  const path: string[] = [];
  let at = expr?.exprKind;
  for (; at?.case === 'selectExpr'; at = at.value.operand?.exprKind) {
    if (at.value.testOnly) return;
    path.unshift(at.value.field);
  }
  if (at?.case === 'identExpr' && !bound.has(at.value.name)) fields.add([at.value.name, ...path].join('.'));
}

function noteCalendar(calendars: CalendarCalls, arg: Expr | undefined): void {
  calendars.any = true;
  const name = textOf(arg);
  if (name !== undefined) calendars.names.add(name);
}

function surveyLoop({ loop, bound, ...found }: Omit<Survey, 'expr'> & { loop: Comprehension }): number {
  const outside = survey({ expr: loop.iterRange, ...found, bound }) + survey({ expr: loop.accuInit, ...found, bound });
  const inner = new Set([...bound, loop.iterVar, loop.accuVar]);
  const body = survey({ expr: loop.loopCondition, ...found, bound: inner }) + survey({ expr: loop.loopStep, ...found, bound: inner });
  appendInPlace(loop.loopStep, loop.accuVar);
  if (loop.loopCondition) loop.loopCondition = metered(loop.loopCondition, body);
  return outside + survey({ expr: loop.result, ...found, bound: inner });
}

/** `condition` becomes `@tick(condition, cost)`, which stops the evaluation when its budget is spent. */
function metered(condition: Expr, cost: number): Expr {
  const weight = {
    ...condition,
    exprKind: { case: 'constExpr', value: { $typeName: 'cel.expr.Constant', constantKind: { case: 'int64Value', value: BigInt(cost) } } },
  };
  return {
    ...condition,
    exprKind: { case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: tickFunction, args: [condition, weight] } },
  } as Expr;
}

/** map and filter add to their accumulator by `accu + [x]`: a copy for each turn, or with the library's lists a nest that overflows the stack. */
function appendInPlace(step: Expr | undefined, accumulator: string): void {
  if (step?.exprKind.case !== 'callExpr') return;
  const call = step.exprKind.value;
  const [first, second] = call.args;
  if (call.function === '_?_:_') for (const arg of call.args.slice(1)) appendInPlace(arg, accumulator);
  else if (call.function === '_+_' && first?.exprKind.case === 'identExpr' && first.exprKind.value.name === accumulator && second?.exprKind.case === 'listExpr')
    call.function = appendFunction;
}

function isSteps(expr: Expr | undefined): boolean {
  return expr?.exprKind.case === 'identExpr' && expr.exprKind.value.name === 'steps';
}
function textOf(expr: Expr | undefined): string | undefined {
  const constant = expr?.exprKind.case === 'constExpr' ? expr.exprKind.value.constantKind : undefined;
  return constant?.case === 'stringValue' ? constant.value : undefined;
}

/** Operators are cheap; what formats a time in a zone is not. */
function costOf(name: string): number {
  if (name.startsWith('get')) return 100;
  return /^[a-zA-Z]/.test(name) ? 5 : 1;
}

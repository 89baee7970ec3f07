// The parameters of a flow: what a run gets from what its starter gave, and the form in which to ask for them.
import type { FlowDocument, Parameter } from '@tidewheel/contract/flow-document';
import type { Fault } from '@tidewheel/contract/problem';
import { dateInZone } from '../../base/clock.ts';
import { closest } from '../../base/text.ts';
import { faultText } from '../../base/zod-faults.ts';
import type { SqlParameter } from '../../storage/tables/table-engine.ts';
import type { Calendars } from '../expressions/calendars.ts';
import { evaluate, renderTemplate } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/scope.ts';
import { coerce, isDate, type ParameterValue } from './parameter-values.ts';

type Parameters = FlowDocument['parameters'];

export interface ResolvedParameters {
  /** One entry for each declared parameter; null where none was given and none is required. */
  values: Record<string, ParameterValue | null>;
  faults: Fault[];
  sql: Record<string, SqlParameter>;
}

/** When and where a run starts: what its defaults are computed from. */
export interface When {
  now: Date;
  timeZone: string;
  /** As they are at that moment; left out: those that are built in. */
  calendars?: Calendars | undefined;
}

/** Reports every fault at once; `values` is complete only without faults. */
export function resolveParameters({
  parameters,
  given,
  ...when
}: When & {
  parameters: Parameters;
  given: Record<string, unknown>;
}): ResolvedParameters {
  const resolved: ResolvedParameters = { values: {}, faults: unknownParameters(parameters, given), sql: {} };
  for (const [name, parameter] of Object.entries(parameters)) {
    const outcome = resolveOne({ name, parameter, given: Object.hasOwn(given, name) ? given[name] : undefined, ...when });
    if ('fault' in outcome) resolved.faults.push(outcome.fault);
    else {
      resolved.values[name] = outcome.value;
      resolved.sql[name] = { type: parameter.type, value: outcome.value };
    }
  }
  return resolved;
}

function unknownParameters(parameters: Parameters, given: Record<string, unknown>): Fault[] {
  const names = Object.keys(parameters);
  return Object.keys(given)
    .filter((name) => !Object.hasOwn(parameters, name))
    .map((name) => {
      const slip = closest(name, names);
      const message = slip ? `the flow has no parameter "${name}"; did you mean "${slip}"?` : `the flow has no parameter "${name}"`;
      return { path: `parameters.${name}`, message, severity: 'error', ...(names.length > 0 && { hint: `It has ${names.join(', ')}.` }) };
    });
}

type Outcome = { value: ParameterValue | null } | { fault: Fault };

function resolveOne({ name, parameter, given, ...when }: When & { name: string; parameter: Parameter; given: unknown }): Outcome {
  const path = `parameters.${name}`;
  if (!isAbsent(parameter, given)) {
    const coerced = coerce({ parameter, given, timeZone: when.timeZone });
    return 'value' in coerced ? coerced : { fault: { path, message: coerced.fault, severity: 'error' } };
  }
  if (parameter.default !== undefined) return defaultValue({ name, parameter, ...when });
  if (parameter.required === false) return { value: null };
  return { fault: { path, message: 'is missing', severity: 'error', hint: `Give ${name} when you start the run.` } };
}

/** A form sends null or an empty field for what nobody filled in; only for a text an empty one is a value. */
function isAbsent(parameter: Parameter, given: unknown): boolean {
  return given === undefined || given === null || (given === '' && parameter.type !== 'string');
}

/** @returns the value of a declared default, or the fault of it */
export function defaultValue({ name, parameter, ...when }: When & { name: string; parameter: Parameter }): Outcome {
  const path = `parameters.${name}.default`;
  try {
    const coerced = coerce({ parameter, given: computeDefault({ parameter, ...when }), timeZone: when.timeZone });
    return 'value' in coerced ? coerced : { fault: { path, message: coerced.fault, severity: 'error' } };
  } catch (thrown) {
    return { fault: { path, severity: 'error', ...faultText(thrown) } };
  }
}

function computeDefault({ parameter, now, timeZone, calendars }: When & { parameter: Parameter }): unknown {
  const text = parameter.default;
  if (typeof text !== 'string') return text;
  if (isLiteralDefault(parameter)) return text;
  const scope: Scope = { parameters: {}, steps: new Map(), run: { id: '', number: 0, flow: '' }, now, today: dateInZone(now, timeZone), calendars };
  return parameter.type === 'string' ? renderTemplate(text, scope) : evaluate(text, scope);
}

/** Whether the default means itself: then forms can show it. */
export function isLiteralDefault(parameter: Parameter): boolean {
  const { type, default: value } = parameter;
  if (typeof value !== 'string') return value !== undefined;
  if (type === 'string') return !value.includes('{{');
  if (type === 'date') return isDate(value);
  return type === 'datetime' && /^\d{4}-\d{2}-\d{2}[T ]/.test(value);
}

const schemaTypes = { string: 'string', integer: 'integer', number: 'number', boolean: 'boolean', date: 'string', datetime: 'string' } as const;

/** JSON Schema 2020-12 of the parameters a run takes. A default that is computed stands in `defaultExpression`. */
export function parametersSchema(parameters: Parameters): Record<string, unknown> {
  const required = Object.keys(parameters).filter((name) => parameters[name]?.default === undefined && parameters[name]?.required !== false);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, propertySchema(name, parameter)])),
    required,
    additionalProperties: false,
  };
}

function propertySchema(name: string, parameter: Parameter): Record<string, unknown> {
  const { type, title, description, choices, minimum, maximum } = parameter;
  const pattern = parameter.pattern === undefined ? undefined : browserPattern(parameter.pattern);
  return {
    type: schemaTypes[type],
    title: title ?? name,
    ...(description !== undefined && { description }),
    ...(type === 'date' && { format: 'date' }),
    ...(type === 'datetime' && { format: 'date-time' }),
    ...(choices !== undefined && { enum: choices }),
    ...(pattern !== undefined && { pattern }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(parameter.default !== undefined && (isLiteralDefault(parameter) ? { default: parameter.default } : { defaultExpression: parameter.default })),
  };
}

/** Ours is RE2 over the whole text; JSON Schema's is a browser's and searches. What a browser cannot read is left to the server. */
function browserPattern(pattern: string): string | undefined {
  const whole = `^(?:${pattern})$`;
  try {
    new RegExp(whole, 'u');
    return whole;
  } catch {
    return undefined;
  }
}

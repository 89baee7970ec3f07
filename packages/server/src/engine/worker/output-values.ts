// Pure: what a flow says that a run of it gives, from the results of its steps.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Output } from '@tidewheel/contract/flow-document';
import { valueLimitBytes } from '@tidewheel/contract/values';
import { evaluate } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/scope.ts';
import type { Plan } from '../flows/plan.ts';

const fits: Record<Output['type'], (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value),
  datetime: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  json: () => true,
};

/** @throws InvalidInput `run.output` for an expression that fails, or gives what is not of its type; `run.output_too_large` above 64 KB */
export function outputValues(outputs: Readonly<Record<string, Output>>, scope: Scope): Record<string, unknown> {
  const values = Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, valueOfOutput({ name, output, scope })]));
  const bytes = Buffer.byteLength(JSON.stringify(values));
  if (bytes <= valueLimitBytes) return values;
  throw new InvalidInput('run.output_too_large', `the outputs of the flow take ${bytes} bytes; at most ${valueLimitBytes} are kept with a run`, {
    hint: 'Let a step write a file or a table, and give its name.',
  });
}

/** What a run of a part of a flow gives: the values of the steps that nothing comes after. Null when it has none, or they are too large to keep. */
export function leafValues(plan: Plan, values: ReadonlyMap<string, unknown>): Record<string, unknown> | null {
  const leaves = [...plan.steps.values()].filter((step) => step.phase === 'main' && step.successors.length === 0);
  const found = Object.fromEntries(leaves.flatMap(({ id }) => (values.get(id) === undefined ? [] : [[id, values.get(id)]])));
  return Object.keys(found).length === 0 || Buffer.byteLength(JSON.stringify(found)) > valueLimitBytes ? null : found;
}

function valueOfOutput({ name, output, scope }: { name: string; output: Output; scope: Scope }): unknown {
  const value = evaluate(output.value, scope);
  if (value === null || fits[output.type](value)) return value;
  throw new InvalidInput('run.output', `outputs.${name} is declared as ${output.type}, but its expression gave ${JSON.stringify(value)?.slice(0, 100)}`, {
    hint: 'Convert it, or declare another type.',
  });
}

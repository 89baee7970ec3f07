// A flow document as it stands in the text, valid or not: what a list of its steps can show while somebody writes it.
import { parseDocument } from 'yaml';
import { reading } from './blocks.ts';

export type Values = Record<string, unknown>;

export interface ListedStep {
  id: string;
  /** The keys that lead to it: `['steps', 'group', 'steps', 'inner']`. */
  path: string[];
  /** How many steps are around it. */
  depth: number;
  values: Values;
}

export interface ReadFlow {
  values: Values;
  parameters: [name: string, values: Values][];
  /** In the order of the text, those inside others after the one around them. */
  steps: ListedStep[];
}

/** Null where the text is no YAML, or no document. An empty text is an empty flow. */
export function readFlow(source: string): ReadFlow | null {
  const document = parseDocument(source, reading);
  if (document.errors.length > 0) return null;
  try {
    const values: unknown = document.toJS({ maxAliasCount: 100 });
    if (values === null || values === undefined) return { values: {}, parameters: [], steps: [] };
    if (!isValues(values)) return null;
    return {
      values,
      parameters: Object.entries(valuesIn(values, 'parameters')).map(([name, one]) => [name, isValues(one) ? one : {}]),
      steps: stepsIn(values),
    };
  } catch (thrown) {
    // Aliases that expand to too much.
    if (thrown instanceof ReferenceError) return null;
    throw thrown;
  }
}

function stepsIn(around: Values, path: readonly string[] = []): ListedStep[] {
  return Object.entries(valuesIn(around, 'steps')).flatMap(([id, one]) => {
    const values = isValues(one) ? one : {};
    const here = [...path, 'steps', id];
    return [{ id, path: here, depth: path.length / 2, values }, ...stepsIn(values, here)];
  });
}

export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
export function valuesIn(values: Values, key: string): Values {
  const inner = values[key];
  return isValues(inner) ? inner : {};
}
export function textIn(values: Values, key: string): string | undefined {
  const inner = values[key];
  return typeof inner === 'string' ? inner : undefined;
}
export function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

/** What a step comes after by order, without the branch: `route.large` is `route`. */
export function afterIn({ after }: Values): string[] {
  return textsOf(after).map((name) => name.split('.')[0] ?? name);
}
/** Where its tables and files come from. */
export function fromIn({ from }: Values): string[] {
  return isValues(from) ? textsOf(Object.values(from)) : textsOf(from);
}
export function rowsIn(values: Values): string[] {
  return textsOf(valuesIn(values, 'each')['rows']);
}
export function beforeOf(values: Values): string[] {
  return [...new Set([...fromIn(values), ...afterIn(values), ...rowsIn(values)])];
}
/** The steps on the same level. */
export function siblingsOf(flow: ReadFlow, path: readonly string[]): ListedStep[] {
  const around = path.slice(0, -1).join('.');
  return flow.steps.filter((step) => step.path.slice(0, -1).join('.') === around);
}

/** A line: every step but the first comes after the one above it, by order alone. */
export function isLine(steps: readonly ListedStep[]): boolean {
  return steps.every(({ values }, index) => {
    const above = steps[index - 1];
    const isPlain = fromIn(values).length === 0 && rowsIn(values).length === 0 && !textsOf(values['after']).some((name) => name.includes('.'));
    return isPlain && afterIn(values).join() === (above?.id ?? '');
  });
}

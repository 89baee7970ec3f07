// Another name for a step: what certainly means it is changed with it, what may mean it is said.
import type { YAMLMap } from 'yaml';
import { editAt, renameAt } from './edit-block.ts';
import { fromIn, isValues, type ListedStep, readFlow, valuesIn } from './read-flow.ts';

interface Names {
  old: string;
  next: string;
}
interface Renaming {
  name: string;
  /** Whether a field of a step type's configuration is an expression, without braces. */
  isExpression: (use: unknown, field: string) => boolean;
}

/** @returns the text, and the places that name the step in a way that only a person can judge */
export function renameStep(source: string, path: readonly string[], { name, isExpression }: Renaming): { source: string; unsure: string[] } {
  const names = { old: path.at(-1) ?? '', next: name };
  const renamed = renameAt(source, path, name);
  const flow = readFlow(renamed);
  if (!flow) return { source, unsure: [] };
  const unsure: string[] = [];
  let text = flow.steps.reduce((before, step) => {
    const found = referencesIn(step, { names, isExpression });
    unsure.push(...found.unsure);
    return found.changes.length === 0 ? before : editAt(before, step.path, (part) => apply(part, found.changes));
  }, renamed);
  for (const [output, one] of Object.entries(valuesIn(flow.values, 'outputs'))) {
    const value = isValues(one) ? one['value'] : undefined;
    if (typeof value !== 'string' || renamedIn(value, names) === value) continue;
    text = editAt(text, ['outputs', output], (part) => part.set('value', renamedIn(value, names)));
  }
  return { source: text, unsure };
}

interface Change {
  keys: (string | number)[];
  value: string;
}

function apply(part: YAMLMap, changes: Change[]): void {
  for (const { keys, value } of changes) part.setIn(keys, value);
}

function referencesIn(step: ListedStep, { names, isExpression }: { names: Names; isExpression: Renaming['isExpression'] }) {
  const changes: Change[] = [];
  const unsure: string[] = [];
  const takesIt = fromIn(step.values).includes(names.old);
  for (const { keys, value } of textsIn(step.values)) {
    const next = renamedAt({ keys, value, names, isCel: isCel(keys, (field) => isExpression(step.values['use'], field)) });
    if (next !== value) changes.push({ keys, value: next });
    const isNamed = mentions(names.old).test(next) || (takesIt && keys[0] === 'with' && new RegExp(`\\b${names.old}\\b`).test(next));
    if (isNamed) unsure.push(`${step.id}: ${keys.join('.')}`);
  }
  return { changes, unsure };
}

function textsIn(value: unknown, keys: (string | number)[] = []): Change[] {
  if (typeof value === 'string') return [{ keys, value }];
  if (Array.isArray(value)) return value.flatMap((one, index) => textsIn(one, [...keys, index]));
  if (!isValues(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => (keys.length === 0 && key === 'steps' ? [] : textsIn(one, [...keys, key])));
}

function isCel([first, second]: readonly (string | number)[], isExpression: (field: string) => boolean): boolean {
  return (
    first === 'when' ||
    (first === 'each' && second === 'over') ||
    (first === 'repeat' && second === 'until') ||
    (first === 'with' && isExpression(String(second)))
  );
}

function renamedAt({ keys, value, names, isCel: isBare }: Change & { names: Names; isCel: boolean }): string {
  const [first, second] = keys;
  if (first === 'from' || (first === 'each' && second === 'rows')) return value === names.old ? names.next : value;
  if (first === 'after') return value.replace(new RegExp(`^${names.old}(?=\\.|$)`), names.next);
  if (isBare) return renamedIn(value, names);
  return value.replaceAll(/\{\{([\s\S]*?)\}\}/g, (_, inner: string) => `{{${renamedIn(inner, names)}}}`);
}

/** In an expression, its texts in quotes left as they are. */
function renamedIn(expression: string, { old, next }: Names): string {
  const place = new RegExp(`\\bsteps\\s*\\[\\s*(["'])${old}\\1\\s*\\]|"(?:\\\\.|[^"\\\\])*"|'(?:\\\\.|[^'\\\\])*'|(?<![\\w.])steps\\.${old}\\b`, 'g');
  return expression.replaceAll(place, (found) => (found.startsWith('steps') ? `steps.${next}` : found));
}

function mentions(id: string): RegExp {
  return new RegExp(`\\bsteps\\.${id}\\b`);
}

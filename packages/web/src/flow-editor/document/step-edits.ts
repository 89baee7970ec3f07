// What a list of steps does to the text of a flow: add, remove, duplicate, move, and change one of them.
import { isMap, YAMLMap } from 'yaml';
import { editAt, insertAt, moveAt, removeAt } from './edit-block.ts';
import { afterIn, beforeOf, isLine, isValues, type ListedStep, type ReadFlow, readFlow, siblingsOf, type Values } from './read-flow.ts';

const emptyJob = `flow: my-job
title: My job
kind: job
timeZone: UTC
steps:
`;

interface NewStep {
  use: string;
  with?: Values;
  /** It works on what another one gives: a table or a file. */
  takes?: boolean;
}

/** A name for a step of this type that no step has: `run`, `run2`. */
function freeId(flow: ReadFlow, use: string): string {
  const last = use.split('.').pop() ?? '';
  const stem = last.replace(/[^a-zA-Z0-9_]/g, '').replace(/^[^a-z]+/, '') || 'step';
  return freeName(stem, new Set(flow.steps.map(({ id }) => id)));
}

function freeName(stem: string, taken: ReadonlySet<string>): string {
  if (!taken.has(stem)) return stem;
  for (let number = 2; ; number++) if (!taken.has(`${stem}${number}`)) return `${stem}${number}`;
}

/** Last in the list, and after the one that was last. `inside`: the path of the group it goes into. */
export function addStep(source: string, step: NewStep, inside: readonly string[] = []): { source: string; id: string } {
  const isEmpty = Object.keys(readFlow(source)?.values ?? { unread: true }).length === 0;
  const text = isEmpty ? `${source.trim() === '' ? '' : `${source.trimEnd()}\n`}${emptyJob}` : source;
  const flow = readFlow(text);
  if (!flow) return { source, id: '' };
  const id = freeId(flow, step.use);
  const siblings = siblingsOf(flow, [...inside, 'steps', id]);
  const last = siblings.at(-1);
  const after = last && { [step.takes ? 'from' : 'after']: last.id };
  const value = { use: step.use, ...after, ...(step.with && Object.keys(step.with).length > 0 && { with: step.with }) };
  return { source: insertAt(withMap(text, [...inside, 'steps']), [...inside, 'steps'], { name: id, value }), id };
}

/** Makes sure that there is a map at the path, so that something can be put into it. */
function withMap(source: string, path: readonly string[]): string {
  const found = path.reduce<unknown>((at, key) => (isValues(at) ? at[key] : undefined), readFlow(source)?.values);
  return isValues(found) ? source : editAt(source, path.slice(0, -1), (map) => map.set(path.at(-1), new YAMLMap()));
}

/** With a place for parameters, above the steps. */
export function withParameters(source: string): string {
  const flow = readFlow(source);
  if (!flow || isValues(flow.values['parameters'])) return source;
  if (Object.hasOwn(flow.values, 'parameters')) return withMap(source, ['parameters']);
  const at = Object.keys(flow.values).indexOf('steps');
  return insertAt(source, [], { name: 'parameters', value: {}, ...(at >= 0 && { index: at }) });
}

/** Without a step; what came after it comes after what it came after. What takes its table or file is left as it is. */
export function removeStep(source: string, path: readonly string[]): string {
  const flow = readFlow(source);
  const gone = flow?.steps.find((step) => step.path.join('.') === path.join('.'));
  if (!flow || !gone) return source;
  const before = afterIn(gone.values);
  const followers = siblingsOf(flow, path).filter(({ values }) => afterIn(values).includes(gone.id));
  const relinked = followers.reduce((text, follower) => {
    const kept = afterNames(follower.values).filter((name) => name.split('.')[0] !== gone.id);
    return setAfter(text, follower.path, [...new Set([...kept, ...before])]);
  }, source);
  return removeAt(relinked, path);
}

function afterNames({ after }: Values): string[] {
  return (Array.isArray(after) ? after : [after]).filter((name) => typeof name === 'string');
}

/** Right below it, with a name of its own; in a line it comes after it, and the next one after the copy. */
export function duplicateStep(source: string, path: readonly string[]): { source: string; id: string } {
  const flow = readFlow(source);
  const step = flow?.steps.find((one) => one.path.join('.') === path.join('.'));
  if (!flow || !step || isValues(step.values['steps'])) return { source, id: step?.id ?? '' };
  const siblings = siblingsOf(flow, path);
  const index = siblings.indexOf(step);
  const id = freeName(step.id.replace(/\d+$/, ''), new Set(flow.steps.map((one) => one.id)));
  const wasLine = isLine(siblings);
  const next = siblings[index + 1];
  const copied = insertAt(source, path.slice(0, -1), { name: id, value: step.values, index: index + 1 });
  const copy = [...path.slice(0, -1), id];
  if (!wasLine) return { source: copied, id };
  const chained = setAfter(copied, copy, [step.id]);
  return { source: next ? setAfter(chained, next.path, [id]) : chained, id };
}

/** To another place among those on its level. In a line what each comes after is written anew; else only the place in the text changes. */
export function moveStep(source: string, path: readonly string[], to: number): string {
  const flow = readFlow(source);
  if (!flow) return source;
  const siblings = siblingsOf(flow, path);
  const moved = moveAt(source, path.slice(0, -1), { name: path.at(-1) ?? '', to });
  if (!isLine(siblings)) return moved;
  const order = siblings.map(({ id }) => id).filter((id) => id !== path.at(-1));
  order.splice(to, 0, path.at(-1) ?? '');
  return order.reduce((text, id, index) => {
    const above = order[index - 1];
    const here = siblings.find((step) => step.id === id) as ListedStep;
    return afterIn(here.values).join() === (above ?? '') ? text : setAfter(text, here.path, above === undefined ? [] : [above]);
  }, moved);
}

/** Whether a step may come after another one without a circle. */
export function mayFollow(flow: ReadFlow, { step, before }: { step: ListedStep; before: string }): boolean {
  const known = new Map(siblingsOf(flow, step.path).map((one) => [one.id, one]));
  const seen = new Set<string>();
  const next = [before];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (id === step.id) return false;
    if (seen.has(id)) continue;
    seen.add(id);
    next.push(...beforeOf(known.get(id)?.values ?? {}));
  }
  return true;
}

export function setAfter(source: string, path: readonly string[], names: readonly string[]): string {
  return editAt(source, path, (part) => put(part, 'after', names.length > 1 ? names : names[0]));
}

/** Writes what differs of a step or a parameter; what is the same keeps its text and its comments. */
export function setFields(source: string, path: readonly string[], { old, next }: { old: Values; next: Values }): string {
  return JSON.stringify(old) === JSON.stringify(next) ? source : editAt(source, path, (part) => change(part, old, next));
}

function change(map: YAMLMap, old: Values, next: Values): void {
  for (const key of Object.keys(old)) if (!Object.hasOwn(next, key)) map.delete(key);
  for (const [key, value] of Object.entries(next)) {
    if (JSON.stringify(value) === JSON.stringify(old[key])) continue;
    const inner = map.get(key, true);
    const before = old[key];
    if (isMap(inner) && isValues(before) && isValues(value) && Object.keys(value).length > 0) change(inner, before, value);
    else put(map, key, value);
  }
}

/** A field that was emptied is a field not given. */
function put(map: YAMLMap, key: string, value: unknown): void {
  if (value === undefined || value === '' || (isValues(value) && Object.keys(value).length === 0)) map.delete(key);
  else map.set(key, value);
}

// What changed between two flow documents, by meaning.
import type { EdgeChange, FlowDiff, ParameterChange, StepChange, ValueChange } from '@tidewheel/contract/flow-diff';
import type { FlowDocument, Step } from '@tidewheel/contract/flow-document';
import { afterOf, inputsOf } from '@tidewheel/contract/flow-steps';
import { contentOf, type FlatSteps, findRenames, flatSteps, renamed, sameJson } from './diff-renames.ts';

/** Steps that only got another id are renamed, and references to them are no change. Equal documents give an empty answer. */
export function diffDocuments(before: FlowDocument, after: FlowDocument): FlowDiff {
  const { parameters: _p, steps: _s, flow: _f, ...oldHead } = before;
  const { parameters: _parameters, steps: _steps, flow: _flow, ...newHead } = after;
  return {
    document: changesOf(oldHead, newHead),
    parameters: diffParameters(before.parameters, after.parameters),
    steps: diffSteps(flatSteps(before), flatSteps(after)),
  };
}

function diffParameters(before: FlowDocument['parameters'], after: FlowDocument['parameters']): ParameterChange[] {
  const found: ParameterChange[] = [];
  for (const [name, parameter] of Object.entries(after)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    const changes = changesOf(old ?? {}, parameter);
    if (!old) found.push({ kind: 'added', name, changes });
    else if (changes.length > 0) found.push({ kind: 'changed', name, changes });
  }
  for (const [name, parameter] of Object.entries(before)) {
    if (!Object.hasOwn(after, name)) found.push({ kind: 'removed', name, changes: changesOf(parameter, {}) });
  }
  return found;
}

/** Steps inside others are compared like all: ids are unique in a document. One that moved into a group has another `inside`. */
function diffSteps(before: FlatSteps, after: FlatSteps): StepChange[] {
  const renames = findRenames(before, after);
  const wasOf = new Map([...renames].map(([old, now]) => [now, old]));
  const found: StepChange[] = [];
  for (const [id, step] of Object.entries(after)) {
    const was = wasOf.get(id);
    const old = Object.hasOwn(before, id) ? before[id] : undefined;
    if (was !== undefined) found.push({ ...bare('renamed', id, step), was });
    else if (!old) found.push(bare('added', id, step));
    else {
      const inside = old.inside === undefined ? undefined : (renames.get(old.inside) ?? old.inside);
      const changes = changesOf(contentOf({ ...old, inside }), contentOf(step));
      const edges = diffEdges({ before: old, after: step, renames });
      if (changes.length + edges.length > 0) found.push({ ...bare('changed', id, step), changes, edges });
    }
  }
  for (const [id, step] of Object.entries(before)) if (!Object.hasOwn(after, id) && !renames.has(id)) found.push(bare('removed', id, step));
  return found;
}

function bare(kind: StepChange['kind'], step: string, { use }: Step): StepChange {
  return { kind, step, was: null, use, changes: [], edges: [] };
}

interface Edge {
  as: EdgeChange['as'];
  input: string | null;
  step: string;
}

function diffEdges({ before, after, renames }: { before: Step; after: Step; renames: ReadonlyMap<string, string> }): EdgeChange[] {
  const key = ({ as, input, step }: Edge): string => JSON.stringify([as, input, step]);
  const old = new Map(edgesOf(before).map((edge) => [key({ ...edge, step: renamed(edge.step, (id) => renames.get(id) ?? id) }), edge]));
  const now = new Map(edgesOf(after).map((edge) => [key(edge), edge]));
  const removed = [...old].filter(([name]) => !now.has(name)).map(([, edge]) => ({ kind: 'removed' as const, ...edge }));
  const added = [...now].filter(([name]) => !old.has(name)).map(([, edge]) => ({ kind: 'added' as const, ...edge }));
  return [...removed, ...added];
}

function edgesOf(step: Step): Edge[] {
  const inputs = Object.entries(inputsOf(step)).map(([input, from]) => ({ as: 'from' as const, input, step: from }));
  return [...inputs, ...afterOf(step).map((from) => ({ as: 'after' as const, input: null, step: from }))];
}

/** Maps are gone into; everything else, lists included, is one value. */
function changesOf(before: object, after: object, path: readonly string[] = []): ValueChange[] {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const found: ValueChange[] = [];
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const [was, is] = [own(old, name), own(now, name)];
    const inner = [...path, name];
    if (was === undefined && is === undefined) continue;
    if (was === undefined) found.push({ path: inner.join('.'), kind: 'added', after: is });
    else if (is === undefined) found.push({ path: inner.join('.'), kind: 'removed', before: was });
    else if (isMap(was) && isMap(is)) found.push(...changesOf(was, is, inner));
    else if (!sameJson(was, is)) found.push({ path: inner.join('.'), kind: 'changed', before: was, after: is });
  }
  return found;
}

function own(record: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

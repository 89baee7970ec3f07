// The edges of a flow document, for drawing.
import type { FlowDocument, Step } from '@tidewheel/contract/flow-document';
import { allSteps, edgesAfter, inputsOf } from '@tidewheel/contract/flow-steps';

export interface FlowEdge {
  id: string;
  source: string;
  target: string;
  /** The name of the input or branch, or when it is followed. */
  label?: string;
  /** `after`: order only, nothing is carried. */
  isOrder: boolean;
  /** When it is followed, unless the step before must have succeeded. */
  on?: 'failure' | 'always';
}

/** Edges between steps that exist, those inside others too; a document being written may name others. */
export function edgesOf(steps: FlowDocument['steps']): FlowEdge[] {
  const placed = [...allSteps(steps)];
  const ids = new Set(placed.map(({ id }) => id));
  const around = new Map(placed.map(({ id, inside }) => [id, inside]));
  return placed.flatMap(({ id, step }) => edgesTo(id, step)).filter(({ source, target }) => ids.has(source) && !around.get(target)?.includes(source));
}

function edgesTo(target: string, step: Step): FlowEdge[] {
  const carried = Object.entries(inputsOf(step));
  const edges: FlowEdge[] = carried.map(([input, source]) => ({
    id: `${source}>${target}:${input}`,
    source,
    target,
    isOrder: false,
    ...labelled({ step, name: carried.length > 1 ? input : undefined }),
  }));
  const rows = step.each?.rows;
  if (rows !== undefined) edges.push({ id: `${rows}>${target}:rows`, source: rows, target, isOrder: false, label: 'each row' });
  const sources = new Set(edges.map(({ source }) => source));
  for (const { step: source, branch } of edgesAfter(step)) {
    if (sources.has(source) && branch === null) continue;
    edges.push({ id: `${source}>${target}:after${branch ?? ''}`, source, target, isOrder: true, ...labelled({ step, name: branch ?? undefined }) });
  }
  return edges;
}

/** Never by colour alone: the sign and the word say it too. */
const occasions = { failure: '✕ on failure', always: '↻ always' };

function labelled({ step, name }: { step: Step; name: string | undefined }): Pick<FlowEdge, 'label' | 'on'> {
  const on = step.on === 'failure' || step.on === 'always' ? step.on : undefined;
  const label = [name, on && occasions[on]].filter(Boolean).join(', ');
  return { ...(label !== '' && { label }), ...(on && { on }) };
}

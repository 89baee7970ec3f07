// The edges of a flow document, for drawing.
import type { FlowDocument } from '@tidewheel/contract/flow-document';

export interface FlowEdge {
  id: string;
  source: string;
  target: string;
  /** The name of the input, where the step has several. */
  label?: string;
  /** `after`: order only, nothing is carried. */
  isOrder: boolean;
}

type Step = FlowDocument['steps'][string];

/** Edges between steps that exist; a document being written may name others. */
export function edgesOf(steps: FlowDocument['steps']): FlowEdge[] {
  const edges: FlowEdge[] = [];
  for (const [target, step] of Object.entries(steps)) {
    const carried = carriedBy(step);
    for (const [input, source] of carried)
      edges.push({ id: `${source}>${target}:${input}`, source, target, isOrder: false, ...(carried.length > 1 ? { label: input } : {}) });
    const sources = new Set(carried.map(([, source]) => source));
    for (const source of [step.after ?? []].flat()) if (!sources.has(source)) edges.push({ id: `${source}>${target}:after`, source, target, isOrder: true });
  }
  return edges.filter((edge) => edge.source in steps);
}

function carriedBy(step: Step): [input: string, source: string][] {
  if (step.from === undefined) return [];
  return typeof step.from === 'string' ? [['input', step.from]] : Object.entries(step.from);
}

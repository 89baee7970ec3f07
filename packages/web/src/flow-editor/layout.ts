// A flow as a graph for ELK, and what ELK answers as positions.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { allSteps } from '@tidewheel/contract/flow-steps';
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { edgesOf } from './edges.ts';

export const nodeSize = { width: 164, height: 60 };
/** Inside the group around it, or on the whole; a group has a size of its own. */
export type Positions = Record<string, { x: number; y: number; width?: number; height?: number }>;
export interface Size {
  width: number;
  height: number;
}
/** `wrapped`: a long chain goes on in a second row. */
export type Shape = 'right' | 'down' | 'wrapped';
export interface Layout extends Size {
  shape: Shape;
  positions: Positions;
}

/** Wrapping a large graph takes long and helps nobody. */
const wrappedUpTo = 60;

/** From this zoom on a graph reads well: no other shape is tried. */
const readsWell = 0.8;

/** The shapes worth trying, the plainest first. */
export function shapesFor(steps: FlowDocument['steps']): Shape[] {
  const hasGroups = Object.values(steps).some((step) => step.steps);
  return hasGroups || Object.keys(steps).length > wrappedUpTo ? ['right', 'down'] : ['right', 'down', 'wrapped'];
}

export function toElkGraph(steps: FlowDocument['steps'], shape: Shape, box: Size): ElkNode {
  return {
    id: 'flow',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': shape === 'down' ? 'DOWN' : 'RIGHT',
      'elk.spacing.nodeNode': '18',
      'elk.layered.spacing.nodeNodeBetweenLayers': shape === 'down' ? '32' : '36',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.nodePlacement.favorStraightEdges': 'true',
      'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
      ...(shape === 'wrapped' ? { 'elk.layered.wrapping.strategy': 'MULTI_EDGE', 'elk.aspectRatio': String(box.width / Math.max(1, box.height)) } : {}),
    },
    children: nodesOf(steps),
    edges: edgesOf(steps).map(({ id, source, target, label }) => ({ id, sources: [source], targets: [target], ...(label && { labels: [labelOf(label)] }) })),
  };
}

/** So much room a label takes: at 11 pixels a letter is about 6 wide. */
function labelOf(text: string) {
  return { text, width: text.length * 6 + 12, height: 16 };
}

/** Above the steps of a group stands what it is. */
const groupPadding = { 'elk.padding': '[top=58,left=16,bottom=20,right=16]' };

function nodesOf(steps: FlowDocument['steps']): ElkNode[] {
  return Object.entries(steps).map(([id, step]) => {
    const inner = step.steps ?? {};
    return Object.keys(inner).length === 0 ? { id, ...nodeSize } : { id, layoutOptions: groupPadding, children: nodesOf(inner) };
  });
}

export function layoutOf(graph: ElkNode, shape: Shape): Layout {
  const positions: Positions = {};
  const waiting = [...(graph.children ?? [])];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    const { id, x = 0, y = 0, width = nodeSize.width, height = nodeSize.height, children = [] } = node;
    positions[id] = children.length === 0 ? { x, y } : { x, y, width, height };
    waiting.push(...children);
  }
  return { shape, positions, width: graph.width ?? 0, height: graph.height ?? 0 };
}

/** How large the graph can be drawn in the box; never larger than life. */
export function zoomIn(layout: Size, box: Size): number {
  return Math.min(1, box.width / Math.max(1, layout.width), box.height / Math.max(1, layout.height));
}

/** How much larger than a plainer one a shape must come out to be worth it: edges of a wrapped graph run back. */
const worth: Record<Shape, number> = { right: 1, down: 1.2, wrapped: 1.7 };

/** The layout that can be read best in the box; the plainer one where the gain is small. */
export function bestLayout(layouts: Layout[], box: Size): Layout | null {
  const merit = (layout: Layout) => zoomIn(layout, box) / worth[layout.shape];
  return layouts.reduce<Layout | null>((best, next) => (best === null || merit(next) > merit(best) ? next : best), null);
}

/** Tries one shape after the other until one reads well. */
export async function findLayout({
  steps,
  box,
  layOut,
}: {
  steps: FlowDocument['steps'];
  box: Size;
  layOut: (graph: ElkNode) => Promise<ElkNode>;
}): Promise<Layout | null> {
  const tried: Layout[] = [];
  for (const shape of shapesFor(steps)) {
    tried.push(layoutOf(await layOut(toElkGraph(steps, shape, box)), shape));
    const best = bestLayout(tried, box);
    if (best && zoomIn(best, box) >= readsWell) return best;
  }
  return bestLayout(tried, box);
}

/** What of the steps decides the layout: a change of titles or configuration must not move the graph. */
export function shapeKey(steps: FlowDocument['steps']): string {
  return JSON.stringify([[...allSteps(steps)].map(({ id, inside }) => [...inside, id].join('/')), edgesOf(steps).map((edge) => edge.id)]);
}

// A flow as a graph for ELK, and what ELK answers as positions.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { edgesOf } from './edges.ts';

export const nodeSize = { width: 164, height: 60 };
export type Positions = Record<string, { x: number; y: number }>;
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
  return Object.keys(steps).length > wrappedUpTo ? ['right', 'down'] : ['right', 'down', 'wrapped'];
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
      ...(shape === 'wrapped' ? { 'elk.layered.wrapping.strategy': 'MULTI_EDGE', 'elk.aspectRatio': String(box.width / Math.max(1, box.height)) } : {}),
    },
    children: Object.keys(steps).map((id) => ({ id, ...nodeSize })),
    edges: edgesOf(steps).map((edge) => ({ id: edge.id, sources: [edge.source], targets: [edge.target] })),
  };
}

export function layoutOf(graph: ElkNode, shape: Shape): Layout {
  const positions = Object.fromEntries((graph.children ?? []).map((node) => [node.id, { x: node.x ?? 0, y: node.y ?? 0 }]));
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
  return JSON.stringify([Object.keys(steps), edgesOf(steps).map((edge) => edge.id)]);
}

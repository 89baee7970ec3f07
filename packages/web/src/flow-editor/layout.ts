// A flow as a graph for ELK, and what ELK answers as positions.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { edgesOf } from './edges.ts';

export const nodeSize = { width: 208, height: 64 };
export type Direction = 'RIGHT' | 'DOWN';
export type Positions = Record<string, { x: number; y: number }>;

export function toElkGraph(steps: FlowDocument['steps'], direction: Direction): ElkNode {
  return {
    id: 'flow',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction,
      'elk.spacing.nodeNode': '24',
      'elk.layered.spacing.nodeNodeBetweenLayers': direction === 'RIGHT' ? '56' : '40',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.nodePlacement.favorStraightEdges': 'true',
    },
    children: Object.keys(steps).map((id) => ({ id, ...nodeSize })),
    edges: edgesOf(steps).map((edge) => ({ id: edge.id, sources: [edge.source], targets: [edge.target] })),
  };
}

export function positionsOf(graph: ElkNode): Positions {
  return Object.fromEntries((graph.children ?? []).map((node) => [node.id, { x: node.x ?? 0, y: node.y ?? 0 }]));
}

/** What of the steps decides the layout: a change of titles or configuration must not move the graph. */
export function shapeOf(steps: FlowDocument['steps']): string {
  return JSON.stringify([Object.keys(steps), edgesOf(steps).map((edge) => edge.id)]);
}

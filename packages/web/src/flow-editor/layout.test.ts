import { describe, expect, test } from 'vitest';
import { edgesOf } from './edges.ts';
import { positionsOf, shapeOf, toElkGraph } from './layout.ts';

const steps = {
  flights: { use: 'file.read', with: {} },
  airports: { use: 'file.read', with: {} },
  joined: { use: 'table.join', from: { left: 'flights', right: 'airports' }, with: {} },
  out: { use: 'file.write', from: 'joined', after: ['airports', 'joined'], with: {} },
  lost: { use: 'table.sort', from: 'nowhere', with: {} },
};

describe('edges of a document', () => {
  test('named inputs carry their names, a single one none', () => {
    const labels = edgesOf(steps).map((edge) => [edge.source, edge.target, edge.label]);
    expect(labels).toContainEqual(['flights', 'joined', 'left']);
    expect(labels).toContainEqual(['joined', 'out', undefined]);
  });
  test('`after` is drawn as order only where nothing is carried already', () => {
    const order = edgesOf(steps).filter((edge) => edge.isOrder);
    expect(order.map((edge) => [edge.source, edge.target])).toEqual([['airports', 'out']]);
  });
  test('a step that does not exist (a document being written) makes no edge', () => {
    expect(edgesOf(steps).some((edge) => edge.target === 'lost')).toBe(false);
  });
});

describe('layout', () => {
  test('every step is a node and every edge names existing nodes', () => {
    const graph = toElkGraph(steps, 'RIGHT');
    const ids = new Set(graph.children?.map((node) => node.id));
    expect(ids).toEqual(new Set(Object.keys(steps)));
    for (const edge of graph.edges ?? []) expect(ids.has(edge.sources[0]!) && ids.has(edge.targets[0]!)).toBe(true);
  });
  test('a new title does not move the graph, a new edge does', () => {
    expect(shapeOf({ ...steps, out: { ...steps.out, title: 'Write it' } as never })).toBe(shapeOf(steps));
    expect(shapeOf({ ...steps, lost: { ...steps.lost, from: 'joined' } })).not.toBe(shapeOf(steps));
  });
  test('positions are read back by id', () => {
    expect(positionsOf({ id: 'flow', children: [{ id: 'a', x: 3, y: 4 }] })).toEqual({ a: { x: 3, y: 4 } });
  });
});

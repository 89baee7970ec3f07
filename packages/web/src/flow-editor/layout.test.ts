import { describe, expect, test } from 'vitest';
import { edgesOf } from './edges.ts';
import { bestLayout, findLayout, type Layout, layoutOf, shapeKey, shapesFor, toElkGraph } from './layout.ts';

const steps = {
  flights: { use: 'file.read', with: {} },
  airports: { use: 'file.read', with: {} },
  joined: { use: 'table.join', from: { left: 'flights', right: 'airports' }, with: {} },
  out: { use: 'file.write', from: 'joined', after: ['airports', 'joined'], with: {} },
  lost: { use: 'table.sort', from: 'nowhere', with: {} },
};
const box = { width: 800, height: 300 };

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

describe('edges of control flow', () => {
  const flow = {
    route: { use: 'flow.if', with: {} },
    group: {
      use: 'flow.steps',
      after: 'route.then',
      with: {},
      steps: { one: { use: 'flow.value', with: {} }, two: { use: 'flow.value', from: 'rows', after: ['one', 'group'], with: {} } },
    },
    rows: { use: 'table.read', with: {} },
    items: { use: 'flow.value', with: {}, each: { rows: 'rows', concurrency: 1, onFailure: 'stop' as const, mayFail: 0 } },
    mend: { use: 'flow.value', after: 'group', on: 'failure' as const, with: {} },
  };
  test('branches, occasions and rows are named; steps inside are reached, and none from the group around it', () => {
    expect(edgesOf(flow).map(({ source, target, label, on }) => [source, target, label, on])).toEqual([
      ['route', 'group', 'then', undefined],
      ['rows', 'two', undefined, undefined],
      ['one', 'two', undefined, undefined],
      ['rows', 'items', 'each row', undefined],
      ['group', 'mend', '✕ on failure', 'failure'],
    ]);
  });
  test('a group holds its steps, and its size and their places are read back', () => {
    const graph = toElkGraph(flow, 'right', box);
    expect(graph.children?.find(({ id }) => id === 'group')?.children?.map(({ id }) => id)).toEqual(['one', 'two']);
    expect(shapesFor(flow)).not.toContain('wrapped');
    const laid = { id: 'flow', children: [{ id: 'group', x: 5, y: 6, width: 70, height: 80, children: [{ id: 'one', x: 1, y: 2 }] }] };
    expect(layoutOf(laid, 'right').positions).toEqual({ group: { x: 5, y: 6, width: 70, height: 80 }, one: { x: 1, y: 2 } });
    expect(shapeKey({ ...flow, group: { ...flow.group, steps: { one: flow.group.steps.one } } })).not.toBe(shapeKey(flow));
  });
});

describe('layout', () => {
  test('every step is a node and every edge names existing nodes', () => {
    const graph = toElkGraph(steps, 'right', box);
    const ids = new Set(graph.children?.map((node) => node.id));
    expect(ids).toEqual(new Set(Object.keys(steps)));
    for (const end of (graph.edges ?? []).flatMap((edge) => [...edge.sources, ...edge.targets])) expect(ids.has(end)).toBe(true);
  });
  test('a new title does not move the graph, a new edge does', () => {
    expect(shapeKey({ ...steps, out: { ...steps.out, title: 'Write it' } as never })).toBe(shapeKey(steps));
    expect(shapeKey({ ...steps, lost: { ...steps.lost, from: 'joined' } })).not.toBe(shapeKey(steps));
  });
  test('positions are read back by id', () => {
    expect(layoutOf({ id: 'flow', width: 9, height: 8, children: [{ id: 'a', x: 3, y: 4 }] }, 'right')).toEqual({
      shape: 'right',
      width: 9,
      height: 8,
      positions: { a: { x: 3, y: 4 } },
    });
  });
  test('the shape that can be read best wins, the plain one when it is nearly as good', () => {
    const layout = (shape: Layout['shape'], width: number, height: number): Layout => ({ shape, width, height, positions: {} });
    expect(bestLayout([layout('right', 2_400, 200), layout('wrapped', 1_000, 300)], box)?.shape).toBe('wrapped');
    expect(bestLayout([layout('right', 1_000, 200), layout('wrapped', 900, 300)], box)?.shape).toBe('right');
    expect(bestLayout([], box)).toBeNull();
  });
  test('a large graph is not wrapped', () => {
    const many = Object.fromEntries(Array.from({ length: 61 }, (_, index) => [`s${index}`, { use: 'table.sort', with: {} }]));
    expect(shapesFor(many)).not.toContain('wrapped');
  });
});

describe('the search for a layout', () => {
  const tried: string[] = [];
  const answer = (width: number, height: number) => async (graph: { layoutOptions?: Record<string, string> | undefined }) => {
    tried.push(graph.layoutOptions?.['elk.direction'] ?? '');
    return { id: 'flow', children: [], width, height };
  };
  test('ends with the first shape that reads well', async () => {
    tried.length = 0;
    expect((await findLayout({ steps, box, layOut: answer(900, 300) }))?.shape).toBe('right');
    expect(tried).toEqual(['RIGHT']);
  });
  test('goes on while nothing does', async () => {
    tried.length = 0;
    await findLayout({ steps, box, layOut: answer(9_000, 300) });
    expect(tried).toEqual(['RIGHT', 'DOWN', 'RIGHT']);
  });
});

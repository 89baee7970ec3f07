import type { TableShape } from './backups.store.ts';

/** Tables that others refer to come first; a table that refers to itself does not wait for itself. */
export function inOrder(shapes: readonly TableShape[]): TableShape[] {
  const byName = new Map(shapes.map((shape) => [shape.table, shape]));
  const placed = new Set<TableShape>();
  const place = (shape: TableShape, above: ReadonlySet<string>): void => {
    if (placed.has(shape)) return;
    const within = new Set([...above, shape.table]);
    for (const name of shape.refersTo) {
      const referred = byName.get(name);
      if (referred && !within.has(name)) place(referred, within);
    }
    placed.add(shape);
  };
  for (const shape of shapes) place(shape, new Set());
  return [...placed];
}

// How many rows went in and out of each node: inferred where its class says so, told by DuckDB where rows were stored or written, counted for the rest.
import { Bug } from '@tidewheel/contract/errors';
import { nodeClasses } from '@tidewheel/contract/relation';
import type { RowCounts } from '@tidewheel/contract/values';
import { ident } from '../sql-text.ts';
import type { JobState, NodeState, Relation } from './job-state.ts';

/** Fills the counts of all relations. A node whose expressions nobody has evaluated on every row yet is evaluated here. */
export async function countRows(state: JobState): Promise<void> {
  infer(state);
  const wanted: string[] = [];
  const targets: Relation[] = [];
  for (const node of state.nodes.values()) {
    if (node.op === 'write') continue;
    const unproven = node.unproven.filter((column) => !isProven(state, node, column));
    if (unproven.length > 0) wanted.push(...unproven.map((column) => `(SELECT bit_xor(hash(${ident(column)})) FROM ${node.out.from})`));
    if (node.out.rows !== undefined || keptRows(node) !== undefined) continue;
    wanted.push(`(SELECT count(*) FROM ${node.out.from}) AS ${ident(`n${targets.length}`)}`);
    targets.push(node.out);
  }
  if (wanted.length > 0) {
    const [row] = await state.session.rows(`SELECT ${wanted.join(', ')}`);
    for (const [i, relation] of targets.entries()) relation.rows = Number(row?.[`n${i}`]);
  }
  infer(state);
}

/** What follows from counts already known, forwards and then backwards: a derived table that somebody counted tells the size of what it was derived from. */
function infer(state: JobState): void {
  inferForwards(state);
  for (const node of [...state.nodes.values()].reverse()) {
    const [input] = node.inputs;
    const sameRows = node.op === 'derive' || node.op === 'select' || (node.op === 'sort' && !node.out.stored);
    if (sameRows && input && node.out.rows !== undefined) input.rows ??= node.out.rows + node.rejected;
  }
}

function inferForwards(state: JobState): void {
  for (const node of state.nodes.values()) {
    const [input] = node.inputs;
    node.out.rows ??= node.kept?.rows;
    if (node.op === 'union' && node.out.rows === undefined && node.inputs.every((each) => each.rows !== undefined))
      node.out.rows = node.inputs.reduce((sum, each) => sum + (each.rows ?? 0), 0);
    if (nodeClasses[node.op] === 'keeping' && input?.rows !== undefined && node.op !== 'sort') node.out.rows ??= input.rows - node.rejected;
    if (node.op === 'write') node.out.rows ??= node.file?.rows;
  }
}

function keptRows(node: NodeState): number | undefined {
  return node.kept?.rows;
}

/** Whether something that was run needs this column of this node on every row. */
function isProven(state: JobState, node: NodeState, column: string): boolean {
  if (node.kept) return true;
  const readers = state.readers.get(node.id) ?? [];
  return readers.some(({ id, node: reader }) => {
    if (reader.op === 'write' || reader.op === 'checks') return true;
    if (reader.op === 'sort') return reader.limit === undefined;
    if (reader.op === 'aggregate') {
      return (
        reader.by.includes(column) ||
        reader.aggregates.some(
          ({ of, where, function: name }) => where === column || (of === column && where === undefined && !['count', 'first', 'last'].includes(name)),
        )
      );
    }
    const next = state.nodes.get(id);
    return reader.op === 'derive' && next !== undefined && !next.out.stored && !(column in reader.columns) && isProven(state, next, column);
  });
}

/** @throws Bug when the counts break the rule of the node's class */
export function countsOf(node: NodeState): RowCounts {
  const counts = measured(node);
  const { rowsIn, rowsOut, dropped, rejected } = counts;
  const whole = rowsIn === null || rowsOut === null || nodeClasses[node.op] === 'shaping' || rowsIn === rowsOut + dropped + rejected;
  const sane = dropped >= 0 && rejected >= 0 && (rowsIn ?? 0) >= 0 && (rowsOut ?? 0) >= 0;
  if (whole && sane) return counts;
  throw new Bug('bug.row_counts', `Step ${node.id}: ${rowsIn} rows in, ${rowsOut} out, ${dropped} dropped, ${rejected} rejected do not add up.`, {
    details: { step: node.id, ...counts },
  });
}

function measured(node: NodeState): RowCounts {
  const rowsIn = node.inputs.length === 0 ? (node.rowsRead ?? null) : node.inputs.reduce((sum, input) => sum + (input.rows ?? 0), 0);
  const rowsOut = node.op === 'write' ? (node.file?.rows ?? 0) : (node.out.rows ?? 0);
  const mayDrop = nodeClasses[node.op] === 'dropping' || (node.op === 'sort' && rowsIn !== null && rowsOut < rowsIn);
  const dropped = mayDrop && rowsIn !== null ? rowsIn - rowsOut - node.rejected : 0;
  return { rowsIn, rowsOut, dropped, rejected: node.rejected };
}

// What a job that a check stopped still has to give: the nodes that were computed before it.
import { toStoredError } from '@tidewheel/contract/errors';
import type { TableJobNode, TableJobResult } from '../table-engine.ts';
import type { JobState, NodeState } from './job-state.ts';

/**
 * Leaves in `state` only what was computed when `stop` ended the job: all that it read, and what was stored or kept beside it with all that this read.
 * Files are written last, so none is there yet. @returns the nodes left, in their order
 */
export function keepComputed(state: JobState, stop: NodeState): TableJobNode[] {
  const computed = new Set([stop.id]);
  for (const entry of state.job.nodes.toReversed()) {
    const node = state.nodes.get(entry.id);
    if (!node || !(computed.has(entry.id) || isStored(node))) continue;
    computed.add(entry.id);
    for (const input of Object.values(entry.inputs)) if ('node' in input) computed.add(input.node);
  }
  const left = state.job.nodes.filter(({ id, node }) => computed.has(id) && node.op !== 'write');
  // What evaluated rows counts as their reader, the stopped check among it.
  for (const [id, readers] of state.readers)
    state.readers.set(
      id,
      readers.filter((reader) => left.includes(reader)),
    );
  const nodes = left.filter(({ id }) => id !== stop.id);
  state.nodes = new Map(nodes.map(({ id }) => [id, state.nodes.get(id) as NodeState]));
  return nodes;
}

// A node may hand on the table of another one as it is: that one's work is not its own.
function isStored(node: NodeState): boolean {
  return node.kept !== undefined || (node.out.stored && node.out.node === node.id);
}

export function stoppedAt({ id, stopped, checks = [] }: NodeState): Pick<TableJobResult, 'stopped'> {
  return stopped ? { stopped: { step: id, error: toStoredError(stopped), checks } } : {};
}

// What a compiler of one operation is given and gives back.
import { Bug } from '@tidewheel/contract/errors';
import type { RelationNode } from '@tidewheel/contract/relation';
import type { NodeState, Relation } from './job-state.ts';

/** A node with its inputs bound. */
export interface NodeTask<Op extends RelationNode['op'] = RelationNode['op']> {
  id: string;
  node: Extract<RelationNode, { op: Op }>;
  inputs: Record<string, Relation>;
  keep: boolean;
}
export type Compiled = Pick<NodeState, 'out'> & Partial<Pick<NodeState, 'rejected' | 'rejectedFrom' | 'unproven' | 'checks' | 'stopped' | 'rowsRead'>>;

/** The single input of a node that has one, whatever its name. */
export function inputOf(task: Pick<NodeTask, 'id' | 'inputs'>): Relation {
  const [input] = Object.values(task.inputs);
  if (!input) throw new Bug('bug.table_input', `The step ${task.id} has no input.`);
  return input;
}

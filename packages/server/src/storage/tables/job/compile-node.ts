// Turns one node into tables of the job. Each operation has its own file.
import type { RelationNode } from '@tidewheel/contract/relation';
import type { TableJobNode } from '../table-engine.ts';
import { compileAggregate } from './aggregate.ts';
import { compileChecks } from './checks.ts';
import { compileColors } from './colors.ts';
import { compileSql, compileUnion } from './combine.ts';
import type { JobState, NodeState } from './job-state.ts';
import { compileJoin } from './join.ts';
import { type Compiled, inputOf, type NodeTask } from './node-task.ts';
import { compileDedupe, compileLimit, compileSort } from './ordering.ts';
import { compileRead } from './read.ts';
import { compileDerive, compileFilter, compileSelect } from './row-nodes.ts';

type Compilers = { [Op in RelationNode['op']]: (state: JobState, task: NodeTask<Op>, entry: TableJobNode) => Promise<Compiled> };

const compilers: Compilers = {
  read: compileRead,
  filter: compileFilter,
  derive: compileDerive,
  select: compileSelect,
  join: compileJoin,
  aggregate: compileAggregate,
  sort: compileSort,
  limit: compileLimit,
  dedupe: compileDedupe,
  union: compileUnion,
  sql: compileSql,
  checks: compileChecks,
  colors: compileColors,
  // A write hands its input on unchanged; the file is made when the whole job has been compiled.
  write: async (_state, task) => ({ out: inputOf(task) }),
};

export async function compileNode(state: JobState, task: NodeTask, entry: TableJobNode): Promise<NodeState> {
  const compile = compilers[task.node.op] as (state: JobState, task: NodeTask, entry: TableJobNode) => Promise<Compiled>;
  const compiled = await compile(state, task, entry);
  return { id: task.id, op: task.node.op, inputs: Object.values(task.inputs), rejected: 0, unproven: [], ...compiled };
}

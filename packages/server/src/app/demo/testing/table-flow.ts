// Runs the table steps of a flow on the real table engine, without database and workers.
import { readFileSync } from 'node:fs';
import { FlowDocument } from '@tidewheel/contract/flow-document';
import { inputsOf } from '@tidewheel/contract/flow-steps';
import { stepTypes } from '@tidewheel/steps/index';
import { parse } from 'yaml';
import type { SqlParameter, TableJobNode } from '../../../storage/tables/table-engine.ts';
import type { TableHarness } from '../../../storage/tables/testing/table-harness.ts';

export function readFlow(file: string): FlowDocument {
  return FlowDocument.parse(parse(readFileSync(file, 'utf8')));
}

/** One job of all table steps; `{{ name }}` in a path or name is a parameter; `folder` is where read steps find their files. */
export async function runTableSteps({
  flow,
  folder,
  parameters,
  harness,
  keep,
}: {
  flow: FlowDocument;
  folder: string;
  parameters: Record<string, SqlParameter>;
  harness: TableHarness;
  /** The steps whose tables are wanted afterwards. */
  keep: string[];
}) {
  const types = new Map(stepTypes.map((type) => [type.type, type]));
  const filled = (text: string) => text.replaceAll(/\{\{ (\w+) \}\}/g, (_, name: string) => String(parameters[name]?.value));
  const nodes: TableJobNode[] = [];
  for (const [id, step] of Object.entries(flow.steps)) {
    const type = types.get(step.use);
    if (type?.where !== 'table') continue;
    const config = type.config.parse(step.with) as { path?: string };
    const node = type.relation(config);
    const inputs: TableJobNode['inputs'] = Object.fromEntries(Object.entries(inputsOf(step)).map(([name, from]) => [name, { node: from }]));
    if (node.op === 'read') inputs.input = { stored: { path: `${folder}/${filled(config.path ?? '')}`, format: node.format } };
    nodes.push({ id, node, inputs, keep: keep.includes(id) });
  }
  return harness.run(nodes, { parameters });
}

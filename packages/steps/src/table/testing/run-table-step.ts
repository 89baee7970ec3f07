// Runs one table step on rows given as CSV text, on the real engine.
import type { TableStepType } from '@tidewheel/kit/define-step';
import type { z } from 'zod';
import type { TableNodeResult } from '../../../../server/src/storage/tables/table-engine.ts';
import { read, type TableHarness, tableHarness } from '../../../../server/src/storage/tables/testing/table-harness.ts';

export interface StepBench {
  tables: TableHarness;
  /** `inputs`: CSV text by input name; one text is `input`. */
  run<C extends z.ZodType>(type: TableStepType<C>, config: z.input<C>, inputs: string | Record<string, string>): Promise<StepOutcome>;
  close(): Promise<void>;
}

export interface StepOutcome {
  result: TableNodeResult;
  columns: string[];
  /** Cells as the preview shows them. */
  rows: unknown[][];
}

export async function stepBench(): Promise<StepBench> {
  const tables = await tableHarness({ threads: 1, memoryLimit: '256MB' });
  let files = 0;
  return {
    tables,
    async run(type, config, inputs) {
      const named = typeof inputs === 'string' ? { input: inputs } : inputs;
      const sources = await Promise.all(Object.entries(named).map(async ([name, text]) => ({ name, file: await tables.file(`${++files}.csv`, text) })));
      const node = type.relation(type.config.parse(config));
      const job = await tables.run([
        ...sources.map(({ name, file }) => read(`from${name}`, file)),
        { id: 'step', node, inputs: Object.fromEntries(sources.map(({ name }) => [name, { node: `from${name}` }])), keep: false },
      ]);
      const result = job.nodes['step'] as TableNodeResult;
      return { result, columns: result.preview.columns.map((column) => column.name), rows: result.preview.rows };
    },
    close: () => tables.close(),
  };
}

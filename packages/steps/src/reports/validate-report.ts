import { firstRecordLine } from './business-envelope.ts';
import type { ValidationOutcome } from './schema-fault.ts';
import type { SchemaSet } from './schema-set.ts';
import { validateWithWasm } from './validate-wasm.ts';
import { validateWithXmllint } from './validate-xmllint.ts';

/** Validates a report file by xmllint where it is installed, else by libxml2-wasm. Both are libxml2 and say the same. */
export async function validateReport({ schemas, report, signal }: { schemas: SchemaSet; report: string; signal: AbortSignal }): Promise<ValidationOutcome> {
  const { folder, driver } = schemas;
  return (await validateWithXmllint({ driver, report, signal })) ?? (await validateWithWasm({ folder, driver, report, firstRecordLine, signal }));
}

// What a step hands on: small values inline, tables and files by reference to content-addressed objects.
import { z } from 'zod';
import { Sha256 } from './identifiers.ts';

export const Column = z.object({ name: z.string(), type: z.string().describe('DuckDB type name, e.g. BIGINT, DECIMAL(18,2), TIMESTAMP WITH TIME ZONE') });
export type Column = z.infer<typeof Column>;

/** A table kept as one Parquet object under its SHA-256. */
export const TableRef = z
  .object({ kind: z.literal('table'), sha256: Sha256, rows: z.number().int(), bytes: z.number().int(), columns: z.array(Column) })
  .meta({ id: 'TableRef' });
export type TableRef = z.infer<typeof TableRef>;

/** A file kept as one object under its SHA-256. `md5` is for the receivers that ask for it; it protects nothing. */
export const FileRef = z
  .object({ kind: z.literal('file'), sha256: Sha256, md5: z.string(), size: z.number().int(), name: z.string(), mediaType: z.string() })
  .meta({ id: 'FileRef' });
export type FileRef = z.infer<typeof FileRef>;

/**
 * Rows in and out of a step. Row-keeping steps: rowsOut = rowsIn - rejected. Dropping steps: rowsOut = rowsIn - dropped - rejected.
 * Shaping steps (join, aggregate, union, sql) state in and out only. Null where a step has no table on that side.
 */
export const RowCounts = z.object({
  rowsIn: z.number().int().nullable(),
  rowsOut: z.number().int().nullable(),
  dropped: z.number().int().default(0),
  rejected: z.number().int().default(0),
});
export type RowCounts = z.infer<typeof RowCounts>;

/** The first rows of a table as JSON. Cells are strings, numbers, booleans, null or nested; 64-bit integers and decimals come as strings. Long cells are cut and say how long they were. */
export const Preview = z.object({ columns: z.array(Column), rows: z.array(z.array(z.unknown())), truncated: z.boolean() }).meta({ id: 'Preview' });
export type Preview = z.infer<typeof Preview>;

export const CheckOutcome = z
  .object({
    name: z.string(),
    severity: z.enum(['stop', 'quarantine', 'warn']),
    outcome: z.enum(['passed', 'stopped', 'quarantined', 'warned']),
    failedRows: z.number().int(),
    message: z.string().optional(),
    sample: z.array(z.record(z.string(), z.unknown())).max(20).optional().describe('The first failing rows'),
  })
  .meta({ id: 'CheckOutcome' });
export type CheckOutcome = z.infer<typeof CheckOutcome>;

/** The recorded output of one step. `value` is at most 64 KB of JSON. */
export const StepOutput = z.object({
  value: z.unknown().optional(),
  table: TableRef.optional(),
  files: z.array(FileRef).optional(),
  rejected: TableRef.optional().describe('The rows that did not get through, with the columns _reason and _step'),
  counts: RowCounts.optional(),
  preview: Preview.optional(),
  checks: z.array(CheckOutcome).optional(),
});
export type StepOutput = z.infer<typeof StepOutput>;
/** The most bytes of JSON that `StepOutput.value` may take. */
export const valueLimitBytes = 64 * 1024;

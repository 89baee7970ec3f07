// Fields that several table steps share.
import { z } from 'zod';

export const columnName = (title = 'Column') => z.string().min(1).max(200).meta({ title, widget: 'column' });

export const onRowError = z
  .enum(['reject', 'fail'])
  .default('reject')
  .meta({ title: 'When a row fails', description: 'reject keeps the row aside with its reason and goes on; fail stops the step at the first one.' });

export const sortKey = z
  .union([
    columnName(),
    z.strictObject({
      column: columnName(),
      direction: z.enum(['asc', 'desc']).default('asc').meta({ title: 'Direction' }),
      nulls: z.enum(['first', 'last']).optional().meta({ title: 'Empty values' }),
    }),
  ])
  .transform((key) => (typeof key === 'string' ? { column: key, direction: 'asc' as const } : key));

export const csvOptions = z
  .strictObject({
    delimiter: z.string().length(1).optional().meta({ title: 'Delimiter', description: 'Reading: found in the first line unless told. Writing: a comma.' }),
    header: z.boolean().optional().meta({ title: 'First line holds the column names' }),
    quote: z.string().max(1).optional().meta({ title: 'Quote' }),
    encoding: z.string().max(40).optional().meta({ title: 'Encoding', description: 'Reading only: an IANA name such as utf-8, windows-1252 or utf-16le.' }),
    types: z
      .record(z.string(), z.string().max(60))
      .optional()
      .meta({ title: 'Types', description: 'Reading only: the type of some columns, for example price: DECIMAL(18,4). The others are detected.' }),
    nullText: z.string().max(40).optional().meta({ title: 'Text of an empty value' }),
    newline: z.enum(['lf', 'crlf']).optional().meta({ title: 'Line ends', description: 'Writing only.' }),
  })
  .meta({ title: 'CSV' });

export const fileFormat = z.enum(['csv', 'json', 'parquet']).meta({ title: 'Format' });

/** What the last part of a file name says about its format. */
export function formatOfName(name: string): 'csv' | 'json' | 'parquet' | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (extension === 'csv' || extension === 'tsv' || extension === 'txt') return 'csv';
  if (extension === 'json' || extension === 'jsonl' || extension === 'ndjson') return 'json';
  return extension === 'parquet' ? 'parquet' : undefined;
}

export const oneTable = { min: 1, max: 1, carries: 'table' } as const;

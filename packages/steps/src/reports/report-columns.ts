// Which column of the table each field of the report is read from.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { TableRef } from '@tidewheel/contract/values';
import type { ReportField } from './mifir-fields.ts';

/** @throws InvalidInput naming every column that is missing, and every amount kept as a floating-point number */
export function columnsOf(
  table: TableRef,
  { fields, chosen }: { fields: Record<string, ReportField>; chosen: Record<string, string> },
): ReadonlyMap<string, string> {
  const types = new Map(table.columns.map((column) => [column.name, column.type]));
  const columns = new Map<string, string>();
  const missing: string[] = [];
  for (const [field, { column: usual, needed }] of Object.entries(fields)) {
    const column = chosen[field] ?? usual;
    if (types.has(column)) columns.set(field, column);
    else if (needed || chosen[field] !== undefined) missing.push(`${column} (${field})`);
  }
  if (missing.length > 0) {
    throw new InvalidInput('report.column_missing', `The table lacks the columns ${missing.join(', ')}.`, {
      hint: 'Rename them in a step before, or say in `columns` which column each field is in.',
      details: { missing, present: [...types.keys()] },
    });
  }
  refuseFloats({ fields, columns, types });
  return columns;
}

// 0.1 + 0.2 must not reach a regulator as 0.30000000000000004, nor 1e21 as a number in exponent form.
function refuseFloats({
  fields,
  columns,
  types,
}: {
  fields: Record<string, ReportField>;
  columns: ReadonlyMap<string, string>;
  types: ReadonlyMap<string, string>;
}): void {
  const floats = [...columns]
    .filter(([field, column]) => fields[field]?.decimal && /^(DOUBLE|FLOAT|REAL)/i.test(types.get(column) ?? ''))
    .map(([, column]) => column);
  if (floats.length === 0) return;
  throw new InvalidInput('report.float', `The amounts in ${floats.join(', ')} are floating-point numbers, which are not exact.`, {
    hint: 'Declare them as DECIMAL where the table is read, e.g. types: { price: "DECIMAL(18,6)" }.',
    details: { columns: floats },
  });
}

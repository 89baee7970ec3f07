// Puts the rows whose records the schemas refused with the other rejected rows.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { TableRef } from '@tidewheel/contract/values';
import type { StepContext } from '@tidewheel/kit/step-context';
import { firstRecordLine } from './business-envelope.ts';
import type { RejectedRows } from './rejected-rows.ts';
import { refuseSchemaFaults } from './report-faults.ts';
import { rowOnLine, type WrittenReport } from './report-file.ts';
import type { SchemaFault, ValidationOutcome } from './schema-fault.ts';

/** @throws InvalidInput when a line outside the records is at fault: leaving rows out cannot mend that */
export async function rejectLines(
  ctx: StepContext,
  { validation, written, rejected, table }: { validation: ValidationOutcome; written: WrittenReport; rejected: RejectedRows; table: TableRef },
): Promise<void> {
  const lastRecordLine = firstRecordLine + written.records - 1;
  const rows = new Map<number, SchemaFault>();
  for (const [line, fault] of validation.lines) {
    if (line < firstRecordLine || line > lastRecordLine) throw refuseSchemaFaults(validation, written.leftOut);
    rows.set(rowOnLine(line, written.leftOut), fault);
  }
  let row = 0;
  for await (const batch of ctx.tables.rows(table, { batch: 2_000 })) {
    for (const record of batch) {
      const fault = rows.get(++row);
      if (fault) rejected.add(row, { faults: [{ field: fault.element, message: fault.message }], record });
    }
    await rejected.flush();
  }
  if (row !== table.rows) throw new InvalidInput('report.table_changed', `The table gave ${row} rows and not ${table.rows}.`);
}

// How a report that cannot be made says why: the first faults in the message, the first 50 in the details.
import { InvalidInput } from '@tidewheel/contract/errors';
import { rowOnLine, type WrittenReport } from './report-file.ts';
import type { ValidationOutcome } from './schema-fault.ts';

const hint = 'Correct the source, catch such rows by a checks.run before this step, or say onInvalid: quarantine to leave them out.';

/** @throws InvalidInput when a row could not become a record */
export function refuseFaultyRows({ leftOut, faulty }: WrittenReport): void {
  const [first] = faulty;
  if (!first) return;
  const faults = faulty.flatMap(({ row, faults: ofRow }) => ofRow.map((fault) => ({ row, ...fault })));
  const why = first.faults.map(({ field, message }) => `${field} ${message}`).join('; ');
  throw new InvalidInput('report.record', `${leftOut.length} rows cannot be reported. Row ${first.row}: ${why}.`, {
    hint,
    details: { rows: leftOut.length, faults: faults.slice(0, 50) },
  });
}

export function refuseSchemaFaults(validation: ValidationOutcome, leftOut: readonly number[]): InvalidInput {
  const faults = validation.faults.map((fault) => ({ ...fault, row: rowOnLine(fault.line, leftOut) }));
  const shown = faults.slice(0, 3).map(({ line, element, message }) => `line ${line}, ${element}: ${message}`);
  const more = validation.total > shown.length ? ` (and ${validation.total - shown.length} more)` : '';
  return new InvalidInput('report.schema_invalid', `The report is not valid against its schemas: ${shown.join(' ')}${more}`, {
    hint,
    details: { total: validation.total, by: validation.by, faults },
  });
}

// What DuckDB says, as our errors: where it was, what was wrong, what to do.
import { AppError, Bug, type ErrorDetails, InvalidInput, TooLarge, Unreachable } from '@tidewheel/contract/errors';
import { closest } from '../../../base/text.ts';

export interface ErrorPlace {
  step: string;
  /** What it was doing, e.g. `the expression "a + b"`. */
  doing?: string | undefined;
  columns?: readonly string[] | undefined;
}

type Rule = [pattern: RegExp, make: (match: RegExpExecArray, place: ErrorPlace) => AppError];

const rules: Rule[] = [
  [
    /No space left on device|Disk quota exceeded|File too large|ENOSPC|EFBIG/i,
    (_, { step }) =>
      new Unreachable('table.disk_full', `Step ${step}: the disk is full.`, {
        hint: 'Free space where the data folder lies, then run again.',
        details: { step },
      }),
  ],
  [
    /max_temp_directory_size|failed to offload data block/i,
    (_, { step }) =>
      new TooLarge('table.spill_limit', `Step ${step}: it needs more disk for intermediate results than it may use.`, {
        hint: 'Filter earlier, select fewer columns, or give the table processes more memory or disk.',
        details: { step },
      }),
  ],
  [
    /Out of Memory|bad allocation|Allocation failure|could not allocate/i,
    (match, { step }) =>
      new TooLarge('table.memory', `Step ${step}: it needs more memory than a table process may use (${firstLine(match.input)}).`, {
        hint: 'Raise TIDEWHEEL_TABLE_MEMORY, filter earlier or select fewer columns.',
        details: { step },
      }),
  ],
  [
    /Referenced column "(.+?)" (?:was )?not found|Referenced column "(.+?)"|Column "(.+?)" in \w+ list (?:not found|does not exist)|Column with name (\S+) does not exist/i,
    unknownColumn,
  ],
  [/(?:Values list|Table) "(.+?)" does not have a column named "(.+?)"/i, (match, place) => columnError(match[2] ?? '', place)],
  [
    /No magic bytes found|too small to be a Parquet file|not a parquet file|footer|Invalid Input Error: .*parquet|TProtocolException|Failed to read Parquet|Snappy decompression failure|ZSTD Decompression failure|prefetch/i,
    (match, { step }) =>
      new InvalidInput('table.parquet_damaged', `Step ${step}: the Parquet file is damaged or cut off (${firstLine(match.input)}).`, {
        hint: 'Fetch or write the file again.',
        details: { step },
      }),
  ],
  [
    /No files found that match the pattern|No such file or directory/i,
    (_, { step }) =>
      new InvalidInput('table.file_missing', `Step ${step}: the file to read does not exist.`, {
        hint: 'Check its path, or the step that should have made it.',
        details: { step },
      }),
  ],
  [
    /Invalid unicode|not utf-8 encoded|Invalid Unicode|invalid UTF-?8/i,
    (_, { step }) =>
      new InvalidInput('table.encoding', `Step ${step}: the file is not valid UTF-8.`, {
        hint: 'Set its encoding, for example latin-1, windows-1252 or utf-16.',
        details: { step },
      }),
  ],
  [
    /Maximum line size|max_line_size|Maximum object size|maximum_object_size/i,
    (match, { step }) =>
      new InvalidInput('table.line_too_long', `Step ${step}: the file has a line that is too long${lineOf(match.input)}: at most 2 MB in CSV, 16 MB in JSON.`, {
        hint: 'Check the delimiter, the quotes and the line ends of the file.',
        details: { step },
      }),
  ],
  [/Permission Error/i, (_, { step }) => new InvalidInput('table.not_allowed', `Step ${step}: it may read its inputs only.`, { details: { step } })],
];

function unknownColumn(match: RegExpExecArray, place: ErrorPlace): AppError {
  return columnError(match.slice(1).find((name) => name !== undefined) ?? '', place);
}

export function columnError(name: string, { step, doing, columns }: ErrorPlace): AppError {
  const near = closest(
    name.toLowerCase(),
    (columns ?? []).map((column) => column.toLowerCase()),
  );
  const spelled = columns?.find((column) => column.toLowerCase() === near);
  const known = columns?.length ? `Its columns are ${listed(columns)}.` : undefined;
  return new InvalidInput('table.unknown_column', `Step ${step}: ${doing ? `${doing}: ` : ''}there is no column "${name}".`, {
    ...(spelled ? { hint: `Did you mean "${spelled}"? ${known ?? ''}`.trim() } : known ? { hint: known } : {}),
    details: { step, column: name, columns: columns?.slice(0, 200) },
  });
}

function listed(columns: readonly string[]): string {
  const shown = columns.slice(0, 30).join(', ');
  return columns.length > 30 ? `${shown} and ${columns.length - 30} more` : shown;
}

/** Anything thrown while a job runs, as an AppError whose details name the step. */
export function tableError(thrown: unknown, place: ErrorPlace): AppError {
  if (thrown instanceof AppError) return withStep(thrown, place.step);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  for (const [pattern, make] of rules) {
    const match = pattern.exec(message);
    if (match) return make(match, place);
  }
  const details: ErrorDetails = { step: place.step };
  const doing = place.doing ? `${place.doing}: ` : '';
  if (/^(INTERNAL|FATAL) Error/i.test(message)) return new Bug('bug.duckdb', `Step ${place.step}: ${doing}${firstLine(message)}`, { details, cause: thrown });
  const noFunction = /No function matches the given name and argument types/i.test(message);
  const hint = noFunction ? 'Cast the column, or declare its type where it is read: an empty file has no values to detect one from.' : undefined;
  if (/^(\w+ )+Error|^[A-Z][\w ]+:/.test(message)) {
    return new InvalidInput('table.invalid', `Step ${place.step}: ${doing}${firstLine(message).replace(/^[A-Za-z ]+ Error: /, '')}`, {
      ...(hint ? { hint } : {}),
      details,
    });
  }
  return new Bug('bug.table', `Step ${place.step}: ${doing}${firstLine(message)}`, { details, cause: thrown });
}

/** Whether a row (or a plan made of several nodes) may be at fault, so that the careful mode can say which and keep the rest. */
export function mayBeRowError(thrown: unknown): boolean {
  const message = thrown instanceof Error ? thrown.message : '';
  return (
    /^(Conversion|Out of Range|Invalid Input|Invalid Error|Invalid type|Mismatch Type|Invalid Unicode|INTERNAL|FATAL|Internal)/i.test(message) &&
    !/memory|No space/i.test(message)
  );
}

function withStep(error: AppError, step: string): AppError {
  if (error.details?.step !== undefined) return error;
  const Class = error.constructor as new (code: string, message: string, options: object) => AppError;
  return new Class(error.code, `Step ${step}: ${error.message}`, { hint: error.hint, details: { ...error.details, step }, cause: error.cause });
}

function lineOf(message: string): string {
  const line = /Line:\s*(\d+)/i.exec(message)?.[1];
  return line === undefined ? '' : ` (line ${line})`;
}

/** Where an object lies means nothing to whoever reads the message. */
const objectPath = /\s*(['"])\/[^'"\n]*\/[0-9a-f]{64}\b[^'"\n]*\1/g;

function firstLine(message: string): string {
  const line = message.split('\n').find((text) => text.trim() !== '') ?? '';
  return line.replace(objectPath, '').slice(0, 500);
}

// A row expression made ready for a statement: bound to parameters and clock, checked, and its columns known.
import { AppError, InvalidInput } from '@tidewheel/contract/errors';
import type { Column } from '@tidewheel/contract/values';
import { bindText } from '../expressions/bind-text.ts';
import { type Inspected, inspectExpression, shorten } from '../expressions/inspect.ts';
import { tableError } from '../process/duckdb-errors.ts';
import { ident } from '../sql-text.ts';
import { type JobState, namesOf, type Relation } from './job-state.ts';

export interface ReadyExpression extends Inspected {
  /** In parentheses, safe to stand anywhere in a statement. */
  sql: string;
  written: string;
  type: string;
}

export interface ExpressionPlace {
  step: string;
  /** `column "total"`, `check "price"`. */
  what: string;
}

/** @throws InvalidInput naming step, expression and column */
export async function readyExpression(
  state: JobState,
  written: string,
  input: Pick<Relation, 'from' | 'columns'>,
  { step, what, aggregates = false }: ExpressionPlace & { aggregates?: boolean },
): Promise<ReadyExpression> {
  const plain = plainColumn(written, input);
  if (plain) return { sql: ident(plain.name), written: plain.name, type: plain.type, columns: [plain.name], canFail: false, ordered: false };
  const doing = `${what}, "${shorten(written)}"`;
  try {
    const bound = bindText(written, state.scope);
    const inspected = await inspectExpression(state.session, bound, { aggregates });
    const sql = `(\n${bound}\n)`;
    const [column] = await state.session.describe(`SELECT ${sql} AS v FROM ${input.from}`);
    return { ...inspected, sql, written: shorten(written), type: (column as Column).type };
  } catch (error) {
    if (!(error instanceof AppError)) throw tableError(error, { step, doing, columns: namesOf(input) });
    throw new InvalidInput(error.code, `Step ${step}: ${what}: ${error.message}`, { hint: error.hint, details: { ...error.details, step } });
  }
}

/** The name of a column and nothing else needs no parser. Words such as `current_date` are columns only when quoted. */
function plainColumn(written: string, input: Pick<Relation, 'columns'>): Column | undefined {
  const name = /^\s*(?:"((?:[^"]|"")*)"|([A-Za-z_][A-Za-z0-9_]*))\s*$/.exec(written);
  if (!name || /^(current_|local|true$|false$|null$)/i.test(name[2] ?? '')) return undefined;
  const wanted = (name[1]?.replaceAll('""', '"') ?? name[2] ?? '').toLowerCase();
  return input.columns.find((column) => column.name.toLowerCase() === wanted);
}

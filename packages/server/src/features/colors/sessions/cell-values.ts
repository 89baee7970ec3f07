// Texts that a person gives for cells, read as those of a file are. Nothing is guessed: what cannot be read is refused, all of it at once.
import { Color, type ColorField, colorFields } from '@tidewheel/contract/color';
import type { SessionAction } from '@tidewheel/contract/color-session';
import { InvalidInput } from '@tidewheel/contract/errors';
import { readField } from '../columns/row-colors.ts';

type Value = string | number | null;
interface Fault {
  path: string;
  message: string;
}

/** `today`: at the desk; a time without a day is of that one. */
export function valuesOf(fields: Partial<Record<ColorField, string>>, today: string): [ColorField, Value][] {
  const faults: Fault[] = [];
  const values = (Object.entries(fields) as [ColorField, string][]).map(([field, text]): [ColorField, Value] => [
    field,
    valueFor({ field, text, path: `body.action.fields.${field}`, today }, faults),
  ]);
  if (faults.length > 0) throw wrongValues(faults);
  return values;
}

/** The values by field, each with one for every row. */
export function blockOf(
  { fields, values }: Pick<Extract<SessionAction, { kind: 'block' }>, 'fields' | 'values'>,
  { rows, today }: { rows: number; today: string },
): { field: ColorField; values: Value[] }[] {
  if (values.length !== rows)
    throw new InvalidInput('color_session.block', `${values.length} lines of values are given for ${rows} rows.`, { hint: 'Give one line for each row.' });
  const faults: Fault[] = [];
  const columns = fields.map((field, i) => ({
    field,
    values: values.map((line, n) => valueFor({ field, text: line[i] ?? '', path: `body.action.values.${n}.${i}`, line: n + 1, today }, faults)),
  }));
  if (faults.length > 0) throw wrongValues(faults);
  return columns;
}

interface Given {
  field: ColorField;
  text: string;
  path: string;
  line?: number;
  today: string;
}

function valueFor({ field, text, path, line, today }: Given, faults: Fault[]): Value {
  const { value, doubt } = readField(field, text, today);
  const checked = Color.shape[field].safeParse(value);
  if (checked.success && !(doubt && value === null)) return checked.data;
  const why = doubt && value === null ? `${JSON.stringify(text)} ${doubt.why}` : value === null ? 'must not be empty' : checked.error?.issues[0]?.message;
  faults.push({ path, message: `${line === undefined ? '' : `line ${line}, `}${colorFields[field].title}: ${why ?? 'is wrong'}` });
  return null;
}

function wrongValues(faults: Fault[]): InvalidInput {
  const [first, ...others] = faults;
  const more = others.length === 0 ? '' : ` ${others.length === 1 ? 'One more value' : `${others.length} more values`} cannot be read.`;
  return new InvalidInput('color_session.value', `${first?.message}.${more}`, {
    hint: 'Give another value, or an empty one to clear the field. Nothing was changed.',
    details: { faults: faults.slice(0, 100).map((fault) => ({ ...fault, severity: 'error' })) },
  });
}

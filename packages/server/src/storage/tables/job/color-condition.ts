// Conditions of the desk's rules as SQL over columns that are computed once for each row: `f0`, `f1` …
import { type ColorField, colorFields } from '@tidewheel/contract/color';
import { type ColorComparison, type ColorCondition, operatorKind } from '@tidewheel/contract/color-rule';
import { columnError } from '../process/duckdb-errors.ts';
import { ident, parameterLiteral, text } from '../sql-text.ts';
import { namesOf, type Relation } from './job-state.ts';

/** What a column holds when rules look at it: text in small letters, a number, a day. */
export interface ReadyColumns {
  /** The name under which a field is ready. @throws InvalidInput when the table has no such column */
  of(field: string): string;
  /** `<expression> AS f0, …` */
  list(): string[];
}

export interface ConditionScope {
  ready: ReadyColumns;
  /** The day that is processed. */
  today: string;
}

export function readyColumns({ input, step, timeZone }: { input: Relation; step: string; timeZone: string }): ReadyColumns {
  const known = new Map<string, { name: string; sql: string }>();
  const read = (field: string) => {
    const free = field.startsWith('more.');
    const name = free ? 'more' : field;
    const column = input.columns.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (!column) throw columnError(name, { step, columns: namesOf(input) });
    return free ? freeColumn(column, field.slice('more.'.length)) : readyColumn({ column, field, timeZone });
  };
  return {
    of(field) {
      const found = known.get(field) ?? { name: `f${known.size}`, sql: read(field) };
      known.set(field, found);
      return found.name;
    },
    list: () => [...known.values()].map(({ name, sql }) => `${sql} AS ${name}`),
  };
}

interface TableColumn {
  name: string;
  type: string;
}

function readyColumn({ column, field, timeZone }: { column: TableColumn; field: string; timeZone: string }): string {
  const sql = ident(column.name);
  const kind = operatorKind(field);
  if (kind === 'text') return `lower(${column.type === 'VARCHAR' ? sql : `CAST(${sql} AS VARCHAR)`})`;
  if (kind === 'number') return /^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?\b)/.test(column.type) ? sql : `TRY_CAST(${sql} AS DECIMAL(18, 6))`;
  if (column.type === 'TIMESTAMP WITH TIME ZONE') return `CAST(timezone(${text(timeZone)}, ${sql}) AS DATE)`;
  return column.type === 'DATE' ? sql : `TRY_CAST(${sql} AS DATE)`;
}

/** A free column by its header, as a JSON pointer (RFC 6901). */
function freeColumn({ name }: TableColumn, header: string): string {
  const pointer = text(`/${header.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  const more = `CAST(${ident(name)} AS VARCHAR)`;
  return `lower(CASE WHEN json_valid(${more}) THEN json_extract_string(${more}, ${pointer}) END)`;
}

export function conditionSql(condition: ColorCondition, scope: ConditionScope): string {
  if ('field' in condition) return comparisonSql(condition, scope);
  const [parts, word] = 'all' in condition ? [condition.all, ' AND '] : [condition.any, ' OR '];
  return `(${parts.map((part) => conditionSql(part, scope)).join(word)})`;
}

/** Without a value a comparison is NULL, which fulfils nothing: conditions have no NOT. The two that are true of what is empty say so. */
function comparisonSql({ field, operator, value, to }: ColorComparison, { ready, today }: ConditionScope): string {
  const column = ready.of(field);
  const literal = (one: string | number) => valueSql(field, one, today);
  switch (operator) {
    case 'equals':
      return `${column} = ${literal(value)}`;
    case 'notEquals':
      return `(${column} IS NULL OR ${column} <> ${literal(value)})`;
    case 'greater':
      return `${column} > ${literal(value)}`;
    case 'atLeast':
      return `${column} >= ${literal(value)}`;
    case 'less':
      return `${column} < ${literal(value)}`;
    case 'atMost':
      return `${column} <= ${literal(value)}`;
    case 'between':
      return `(${column} >= ${literal(value)} AND ${column} <= ${literal(to ?? value)})`;
    case 'is':
      return `${column} = lower(${text(String(value).trim())})`;
    case 'contains':
      return `contains(${column}, lower(${text(String(value))}))`;
    case 'notContains':
      return `(${column} IS NULL OR NOT contains(${column}, lower(${text(String(value))})))`;
    case 'startsWith':
      return `starts_with(${column}, lower(${text(String(value))}))`;
    case 'endsWith':
      return `ends_with(${column}, lower(${text(String(value))}))`;
  }
}

function valueSql(field: string, value: string | number, today: string): string {
  if (operatorKind(field) === 'number') return parameterLiteral({ type: 'number', value });
  return `DATE ${text(dayOf(String(value), today))}`;
}

/** `today-3` from the day that is processed. */
function dayOf(value: string, today: string): string {
  const relative = /^today([+-]\d{1,5})?$/.exec(value);
  if (!relative) return value;
  const day = new Date(`${today}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + Number(relative[1] ?? 0));
  return day.toISOString().slice(0, 10);
}

/** Of a field that only places a row: in its own type, as it is written. */
export function orderColumn({ input, step, field }: { input: Relation; step: string; field: ColorField }): string {
  const column = input.columns.find(({ name }) => name.toLowerCase() === field);
  if (!column) throw columnError(field, { step, columns: namesOf(input) });
  const sql = ident(column.name);
  if (column.type !== 'VARCHAR') return sql;
  const { kind } = colorFields[field];
  return kind === 'date' ? `TRY_CAST(${sql} AS DATE)` : kind === 'text' ? sql : `TRY_CAST(${sql} AS DECIMAL(18, 6))`;
}

// Checks a user's expression or SQL on DuckDB's own syntax tree (json_serialize_sql) against the allow lists, and says what it refers to.
import { InvalidInput } from '@tidewheel/contract/errors';
import { closest } from '../../../base/text.ts';
import type { Session } from '../process/session.ts';
import { text as literal } from '../sql-text.ts';
import { aggregateNames, scalarNames, tableFunctionNames, windowNames } from './allowed-functions.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Tree = { [key: string]: Json };

export interface Inspected {
  /** Columns it names, as written; the last part of a dotted name is first tried as a field. */
  columns: string[];
  /** Whether evaluating it can fail on some row. */
  canFail: boolean;
  /** SQL only: ends in an ORDER BY of its own. */
  ordered: boolean;
}

const expressionClasses = new Set([
  'COLUMN_REF',
  'CONSTANT',
  'FUNCTION',
  'OPERATOR',
  'CAST',
  'CASE',
  'COMPARISON',
  'CONJUNCTION',
  'BETWEEN',
  'COLLATE',
  'LAMBDA',
  'LAMBDA_REF',
]);
const sqlClasses = new Set([...expressionClasses, 'SUBQUERY', 'WINDOW', 'STAR', 'POSITIONAL_REFERENCE']);
const nodeTypes = new Set(['SELECT_NODE', 'SET_OPERATION_NODE', 'CTE_NODE', 'RECURSIVE_CTE_NODE', 'STATEMENT_NODE']);
const fromTypes = new Set(['BASE_TABLE', 'SUBQUERY', 'JOIN', 'EMPTY', 'TABLE_FUNCTION', 'EXPRESSION_LIST', 'CTE']);

interface Rules {
  kind: 'row' | 'sql';
  aggregates: boolean;
  /** SQL only: the names of its inputs. */
  tables: ReadonlySet<string> | 'any';
}

/** @throws InvalidInput `expression.syntax`, `expression.not_allowed`, `expression.function` */
export async function inspectExpression(session: Session, sql: string, { aggregates = false }: { aggregates?: boolean } = {}): Promise<Inspected> {
  // A line end before the closing text keeps a trailing comment from swallowing it.
  const statements = await parse(session, `select (\n${sql}\n)`, sql);
  const node = statements[0]?.node as Tree;
  const list = node.select_list as Json[];
  if (statements.length !== 1 || node.type !== 'SELECT_NODE' || list.length !== 1 || (node.from_table as Tree).type !== 'EMPTY' || hasMore(node)) {
    throw new InvalidInput('expression.syntax', `"${shorten(sql)}" is not one expression.`, {
      hint: 'Write one SQL expression over the columns, without SELECT, FROM or ";".',
    });
  }
  return inspect(list[0] as Tree, { kind: 'row', aggregates, tables: new Set() }, sql);
}

/** One SELECT over the named inputs. @throws InvalidInput as inspectExpression, and `expression.table` for another table */
export async function inspectSelect(session: Session, sql: string, tables: string[] | 'any'): Promise<Inspected> {
  const statements = await parse(session, sql, sql);
  if (statements.length !== 1)
    throw new InvalidInput('expression.statements', `The SQL holds ${statements.length} statements.`, { hint: 'Write exactly one SELECT.' });
  const node = statements[0]?.node as Tree;
  const found = inspect(node, { kind: 'sql', aggregates: true, tables: tables === 'any' ? tables : new Set(tables.map((name) => name.toLowerCase())) }, sql);
  const ordered = (node.modifiers as Tree[] | undefined)?.some((modifier) => modifier.type === 'ORDER_MODIFIER') ?? false;
  return { ...found, ordered };
}

function hasMore(node: Tree): boolean {
  const ctes = (node.cte_map as Tree | undefined)?.map as Json[] | undefined;
  return (
    [node.modifiers, node.group_expressions, ctes].some((part) => Array.isArray(part) && part.length > 0) ||
    [node.where_clause, node.having, node.qualify, node.sample].some((part) => part !== null)
  );
}

async function parse(session: Session, statement: string, shown: string): Promise<Tree[]> {
  const [row] = await session.rows(`select json_serialize_sql(${literal(statement)}) as tree`);
  const answer = JSON.parse(String(row?.tree).replaceAll('18446744073709551615', '-1')) as Tree;
  if (answer.error === true) {
    const selectOnly = answer.error_type === 'not implemented';
    throw new InvalidInput('expression.syntax', selectOnly ? 'Only SELECT is allowed here.' : `"${shorten(shown)}": ${spoken(String(answer.error_message))}`, {
      hint: selectOnly
        ? 'Inputs are read with SELECT; what comes out is its result.'
        : 'Check quotes and parentheses; names with special characters go in double quotes.',
    });
  }
  return answer.statements as Tree[];
}

function inspect(root: Tree, rules: Rules, shown: string): Inspected {
  const found: Inspected = { columns: [], canFail: false, ordered: false };
  const tables = rules.tables === 'any' ? rules.tables : new Set(rules.tables);
  if (tables !== 'any') collectCtes(root, tables);
  visit(root, (tree) => checkTree(tree, { ...rules, tables }, shown, found));
  return found;
}

function visit(value: Json, seen: (tree: Tree) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, seen);
  else if (value !== null && typeof value === 'object') {
    seen(value);
    for (const item of Object.values(value)) visit(item, seen);
  }
}

function collectCtes(root: Tree, into: Set<string>): void {
  visit(root, (tree) => {
    const list = (tree.cte_map as Tree | undefined)?.map;
    if (Array.isArray(list)) for (const entry of list) into.add(String((entry as Tree).key).toLowerCase());
    if (typeof tree.cte_name === 'string') into.add(tree.cte_name.toLowerCase());
    if (typeof tree.ctename === 'string') into.add(tree.ctename.toLowerCase());
  });
}

function checkTree(tree: Tree, rules: Rules, shown: string, found: Inspected): void {
  const type = tree.type;
  if (typeof tree.class === 'string') checkExpression(tree, rules, shown, found);
  else if (typeof type === 'string' && type.endsWith('_NODE')) {
    if (rules.kind === 'row' || !nodeTypes.has(type)) refuse(shown, 'a query inside an expression');
  } else if (typeof type === 'string' && 'sample' in tree && 'alias' in tree) checkFrom(tree, rules, shown);
  if (tree.sample) refuse(shown, 'SAMPLE, which is random');
}

function checkExpression(tree: Tree, rules: Rules, shown: string, found: Inspected): void {
  const kind = String(tree.class);
  if (!(rules.kind === 'row' ? expressionClasses : sqlClasses).has(kind)) refuse(shown, nameOfClass(kind));
  if (kind === 'COLUMN_REF') found.columns.push(...(tree.column_names as string[]));
  if (kind === 'FUNCTION') checkFunction(tree, rules, shown);
  if (kind === 'WINDOW' && !windowNames.has(String(tree.function_name).toLowerCase()) && !aggregateNames.has(String(tree.function_name).toLowerCase()))
    refuseFunction(shown, String(tree.function_name));
  if (kind !== 'COLUMN_REF' && kind !== 'CONSTANT' && !(kind === 'CAST' && tree.try_cast === true)) found.canFail = true;
}

function checkFunction(tree: Tree, rules: Rules, shown: string): void {
  const name = String(tree.function_name).toLowerCase();
  // A schema other than main is method syntax (`name.upper()`), which binds to the same functions.
  if (scalarNames.has(name) || (rules.kind === 'sql' && tableFunctionNames.has(name))) return;
  if (!aggregateNames.has(name)) refuseFunction(shown, name);
  if (!rules.aggregates) refuse(shown, `the aggregate ${name}()`, 'A row expression sees one row at a time: use table.aggregate.');
}

function checkFrom(tree: Tree, rules: Rules, shown: string): void {
  const type = String(tree.type);
  if (rules.kind === 'row' && type !== 'EMPTY') refuse(shown, 'FROM inside an expression');
  if (!fromTypes.has(type)) refuse(shown, `FROM of the kind ${type}`);
  if (type === 'TABLE_FUNCTION') {
    const name = String((tree.function as Tree).function_name).toLowerCase();
    if (!tableFunctionNames.has(name)) refuseFunction(shown, name);
  }
  if (type !== 'BASE_TABLE') return;
  const name = String(tree.table_name);
  if ((rules.tables === 'any' || rules.tables.has(name.toLowerCase())) && !tree.schema_name && !tree.catalog_name) return;
  const inputs = rules.tables === 'any' ? [] : [...rules.tables];
  const near = closest(name, inputs);
  throw new InvalidInput('expression.table', `There is no input "${name}".`, {
    hint: near ? `Did you mean "${near}"?` : `The inputs are ${inputs.join(', ')}.`,
  });
}

function nameOfClass(kind: string): string {
  const names: Record<string, string> = {
    SUBQUERY: 'a subquery',
    WINDOW: 'a window function',
    STAR: '*',
    PARAMETER: 'a "?" or "$" parameter',
    POSITIONAL_REFERENCE: '#1',
    DEFAULT: 'DEFAULT',
  };
  return names[kind] ?? kind;
}
function refuse(
  shown: string,
  what: string,
  hint = 'Row expressions use columns, parameters, operators, CASE, CAST and the listed functions; for more use table.sql.',
): never {
  throw new InvalidInput('expression.not_allowed', `"${shorten(shown)}" uses ${what}, which is not allowed here.`, { hint });
}
function refuseFunction(shown: string, name: string): never {
  const near = closest(name, [...scalarNames, ...aggregateNames]);
  throw new InvalidInput('expression.function', `"${shorten(shown)}": the function ${name}() does not exist or is not allowed.`, {
    hint: near ? `Did you mean ${near}()?` : 'See the list of functions in the reference of table.derive.',
  });
}
// The parser quotes our closing parenthesis when a text ends too early.
function spoken(message: string): string {
  return message.split('\n')[0]?.replace(/ at or near "[^"]*\)?"?$/, (near) => (near.includes(')') || !near.endsWith('"') ? '' : near)) ?? message;
}
export function shorten(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}

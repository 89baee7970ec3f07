// What an actor may do, as a condition of a query: a list shows what would be shown one by one, no more and no less.
import { rulesToCondition } from '@casl/ability/extra';
import { patternsOf, type SourceAbility } from '@tidewheel/contract/ability';
import { nounOf, verbOf, type Where } from '@tidewheel/contract/access';
import type { Permission } from '@tidewheel/contract/route';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Actor } from '../base/actor.ts';

/** Attribute of the rules to the column that holds it: `{ flow: 'flow.slug', folder: 'flow.folder' }`. */
export type AttributeColumns = Readonly<Record<string, string>>;

/** For `where(permittedRows(...))`. True when the actor holds the permission on everything. */
export function permittedRows(actor: Actor, permission: Permission, columns: AttributeColumns): Expression<SqlBool> {
  const { ability } = actor;
  if (!ability) return actor.permissions.has(permission) ? always : never;
  if (ability.canAll(permission)) return always;
  const held = anyOf(ability.sources.map((source) => ofSource(source, permission, columns)));
  return allOf([held, ...ability.scopes.map((scope) => ofSource(scope, permission, columns))]);
}

const always = sql<SqlBool>`true`;
const never = sql<SqlBool>`false`;
type Condition = RawBuilder<SqlBool>;

function ofSource({ casl }: SourceAbility, permission: Permission, columns: AttributeColumns): Condition {
  const rules = casl.rulesFor(verbOf(permission), nounOf(permission));
  const condition = rulesToCondition<typeof casl, Condition, Condition>(
    rules,
    (rule) => {
      const fits = rule.conditions ? fitting(rule.conditions, columns) : always;
      // A row without the attribute fits no condition about it, so it is not denied by one either.
      return rule.inverted ? sql<SqlBool>`not coalesce(${fits}, false)` : fits;
    },
    { and: allOf, or: anyOf, empty: () => always },
  );
  return condition ?? never;
}

function fitting(where: Where, columns: AttributeColumns): Condition {
  return allOf(
    Object.entries(where).map(([attribute, values]) => {
      const column = columns[attribute];
      if (column === undefined) return never;
      return anyOf(
        patternsOf(attribute, values ?? []).map((one) => ('is' in one ? sql<SqlBool>`${sql.ref(column)} = ${one.is}` : beginsWith(column, one.begins))),
      );
    }),
  );
}

function beginsWith(column: string, text: string): Condition {
  return sql<SqlBool>`starts_with(${sql.ref(column)}, ${text})`;
}

function allOf(conditions: Condition[]): Condition {
  return conditions.length === 0 ? always : sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

function anyOf(conditions: Condition[]): Condition {
  return conditions.length === 0 ? never : sql<SqlBool>`(${sql.join(conditions, sql` or `)})`;
}

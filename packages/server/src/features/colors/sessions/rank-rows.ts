// Ranks rows of a session by the node that ranks in runs. What people decided by hand is left as it is.
import type { ColorRuleSet, RowColor } from '@tidewheel/contract/color-rule';
import { Bug } from '@tidewheel/contract/errors';
import type { TableEngine } from '../../../storage/tables/table-engine.ts';
import { colorsNode } from '../rules/rule-test.ts';
import { overTrial, tableNode } from '../rules/try-rules.ts';
import type { SessionInput } from './rank-rows.store.ts';

export interface RankedRow {
  id: string;
  /** Its number in the new order, from 1. */
  place: number;
  excludedBy: string | null;
  color: RowColor | null;
  colorBy: string | null;
}

/** Marks rows that a person included: no exclusion rule sees them. Nobody's free column is called so. */
const included = '~included by hand';

export async function rankRows(
  tables: TableEngine,
  { rows, ruleSet, today }: { rows: SessionInput[]; ruleSet: ColorRuleSet; today: string },
): Promise<RankedRow[]> {
  // Whom a person excluded is placed beside its family, but takes part in nothing.
  const ranked = rows.filter(({ byHand }) => byHand !== 'excluded');
  const placed = ranked.length === 0 ? [] : await placesOf(tables, { rows: ranked, ruleSet, today });
  return inOrder(rows, placed);
}

interface Placed {
  row: SessionInput;
  position: number | null;
  excludedBy: string | null;
  color: RowColor | null;
  colorBy: string | null;
}

function placesOf(tables: TableEngine, { rows, ruleSet, today }: { rows: SessionInput[]; ruleSet: ColorRuleSet; today: string }): Promise<Placed[]> {
  const { exclusions, ...node } = colorsNode(ruleSet.rules, ruleSet.order);
  const spared = exclusions.map(({ id, when }) => ({
    id,
    when: { all: [when, { field: `more.${included}`, operator: 'notContains' as const, value: 'yes' }] },
  }));
  const nodes = [{ ...tableNode('ranked', 'rows', { ...node, exclusions: spared }), keep: true }];
  const given = rows.map(({ fields, byHand }, i) => ({ ...fields, ...(byHand === 'included' ? { more: marked(fields['more']) } : {}), wasLine: i }));
  return overTrial(tables, { rows: given, nodes, today }, async ({ nodes: made }) => {
    const file = made['ranked']?.table?.path;
    if (file === undefined) throw new Bug('color_session.ranked', 'The ranked rows are not there.');
    const placed: Placed[] = [];
    const columns = ['wasLine', 'position', 'excludedBy', 'color', 'colorBy'];
    for await (const batch of tables.rows(file, { columns, batch: 5_000 }))
      for (const one of batch) placed.push({ ...(one as unknown as Omit<Placed, 'row'>), row: rows[Number(one['wasLine'])] as SessionInput });
    return placed;
  });
}

function marked(more: string | number | null | undefined): string {
  return JSON.stringify({ ...JSON.parse(String(more ?? '{}')), [included]: 'yes' });
}

/** Kept rows by their position; an excluded one behind the kept ones of its bond, so that it stands right when it is included; the others last. */
function inOrder(rows: SessionInput[], placed: Placed[]): RankedRow[] {
  const kept = placed.filter(({ position }) => position !== null).sort((a, b) => Number(a.position) - Number(b.position));
  const known = new Map(placed.map((one) => [one.row.id, one]));
  const out = rows.filter(({ id }) => known.get(id)?.position == null);
  const behind = Map.groupBy(out, ({ key }) => key);
  const last = new Map(kept.map(({ row }) => [row.key, row.id]));
  const order: SessionInput[] = [];
  for (const { row } of kept) {
    order.push(row);
    if (row.key === null || last.get(row.key) !== row.id) continue;
    order.push(...(behind.get(row.key) ?? []));
    behind.delete(row.key);
  }
  order.push(...[...behind.values()].flat());
  return order.map(({ id }, i) => {
    const one = known.get(id);
    return { id, place: i + 1, excludedBy: one?.excludedBy ?? null, color: one?.color ?? null, colorBy: one?.colorBy ?? null };
  });
}

// What if: other rules played over what the desk processed in the last days, compared row by row with what it was then.
import type { ColorRuleSet } from '@tidewheel/contract/color-rule';
import { type ColorDifference, type ColorWhatIf, colorDifferences } from '@tidewheel/contract/routes/color-rules';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { type Databases, inWorkspace } from '../../../storage/database.ts';
import type { TableEngine } from '../../../storage/tables/table-engine.ts';
import { deskDay } from '../desk-day.store.ts';
import { type Candidate, colorsNode, newRule, rulesWith, type TrialRule } from './rule-test.ts';
import { findRuleSet } from './rules.store.ts';
import { findProcessedRows, findProcessingsSince, mostTried, type TriedProcessing } from './tried-rows.store.ts';
import { colorOfShown, previewRows, type ShownRow, tableNode, tryRules } from './try-rules.ts';

const mostProcessings = 60;
const empty = { columns: [], rows: [], truncated: false };

export interface Play {
  days: number;
  rules?: (Omit<Candidate, 'id'> & { id?: string | undefined })[] | undefined;
  change?: Candidate | undefined;
  without?: string | undefined;
  order?: ColorRuleSet['order'] | undefined;
}

export async function playRules({ databases, tables }: { databases: Databases; tables: TableEngine }, actor: Actor, play: Play): Promise<ColorWhatIf> {
  requirePermission(actor, 'color.read');
  const inside = <T>(work: Parameters<typeof inWorkspace<T>>[2]) => inWorkspace(databases.app, actor.workspaceId, work);
  const { found, rules, order } = await inside(async (trx) => ({
    found: await findProcessingsSince(trx, daysBefore(await deskDay(trx), play.days)),
    rules: await playedRules(trx, play),
    order: play.order ?? (await findRuleSet(trx)).order,
  }));
  const fitting = found.filter(({ taken }) => taken <= mostTried).slice(0, mostProcessings);
  const done: Played[] = [];
  for (const processing of fitting) {
    const rows = await inside((trx) => findProcessedRows(trx, processing));
    if (rows.length > 0) done.push(await playOne({ tables, processing, rows, rules, order }));
  }
  return {
    processings: done.map(({ first: _, ...counts }) => counts),
    rows: done.reduce((sum, { rows }) => sum + rows, 0),
    differ: done.reduce((sum, { differ: { moved, ...differ } }) => sum + Object.values(differ).reduce((all, n) => all + n, 0), 0),
    moved: done.reduce((sum, { differ }) => sum + differ.moved, 0),
    first: done.flatMap(({ first }) => first),
    skipped: found.length - fitting.length,
  };
}

async function playedRules(trx: Parameters<typeof rulesWith>[0], { rules, change, without }: Play): Promise<TrialRule[]> {
  if (rules) return rules.map((rule, i) => ({ title: '', color: null, ...rule, id: rule.id ?? `${newRule.slice(0, -4)}${String(i).padStart(4, '0')}` }));
  return (await rulesWith(trx, change)).filter(({ id }) => id !== without);
}

type Played = ColorWhatIf['processings'][number] & { first: ColorDifference[] };
interface Playing {
  tables: TableEngine;
  processing: TriedProcessing;
  rows: Parameters<typeof tryRules>[1]['rows'];
  rules: TrialRule[];
  order: ColorRuleSet['order'];
}

/** `moved` for rows that only go up or down because others went or came back; `place` for those that became a parent or a child. */
const what = `CASE WHEN "wasExcludedBy" IS NULL AND "excludedBy" IS NOT NULL THEN 'excluded' WHEN "wasExcludedBy" IS NOT NULL AND "excludedBy" IS NULL THEN 'back'
  WHEN "wasExcludedBy" IS DISTINCT FROM "excludedBy" THEN 'otherRule' WHEN "wasColor" IS DISTINCT FROM "color" THEN 'color'
  WHEN ("wasChild" = 0) IS DISTINCT FROM (child = 0) THEN 'place' WHEN "wasPosition" IS DISTINCT FROM "position" THEN 'moved' END`;

async function playOne({ tables, processing, rows, rules, order }: Playing): Promise<Played> {
  const result = await tryRules(tables, {
    rows,
    today: processing.date,
    nodes: [
      tableNode('ranked', 'rows', colorsNode(rules, order)),
      tableNode('compared', 'ranked', { op: 'derive', columns: { what }, onRowError: 'fail' }),
      tableNode('differ', 'compared', { op: 'filter', where: 'what IS NOT NULL', onRowError: 'fail' }),
      tableNode('placed', 'differ', { op: 'derive', columns: { behind: `what = 'moved'` }, onRowError: 'fail' }),
      tableNode('first', 'placed', {
        op: 'sort',
        keys: [
          { column: 'behind', direction: 'asc' },
          { column: 'wasLine', direction: 'asc' },
        ],
        limit: 100,
      }),
      tableNode('counts', 'compared', {
        op: 'aggregate',
        by: ['what'],
        aggregates: [
          { as: 'n', function: 'count' },
          { as: 'before', function: 'count', where: '"wasExcludedBy" IS NOT NULL' },
          { as: 'after', function: 'count', where: '"excludedBy" IS NOT NULL' },
        ],
      }),
    ],
  });
  const counts = previewRows(result.nodes['counts']?.preview ?? empty);
  const sum = (name: string) => counts.reduce((total, row) => total + Number(row[name]), 0);
  const differ = Object.fromEntries(colorDifferences.map((kind) => [kind, Number(counts.find((row) => row['what'] === kind)?.['n'] ?? 0)]));
  return {
    number: processing.number,
    date: processing.date,
    rows: rows.length,
    excluded: { before: sum('before'), after: sum('after') },
    differ: differ as Played['differ'],
    first: previewRows(result.nodes['first']?.preview ?? empty).map((row) => differenceOf(processing.number, row)),
  };
}

function differenceOf(processing: number, row: ShownRow): ColorDifference {
  const text = (name: string) => (row[name] === null || row[name] === undefined ? null : String(row[name]));
  const number = (name: string) => (row[name] === null || row[name] === undefined ? null : Number(row[name]));
  return {
    what: String(row['what']) as ColorDifference['what'],
    processing,
    line: Number(row['wasLine']),
    row: colorOfShown(row),
    before: { rule: text('wasExcludedBy') ?? text('wasColorBy'), position: number('wasPosition'), child: number('wasChild'), color: text('wasColor') },
    after: { rule: text('excludedBy') ?? text('colorBy'), position: number('position'), child: number('child'), color: text('color') },
  };
}

function daysBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days + 1);
  return date.toISOString().slice(0, 10);
}

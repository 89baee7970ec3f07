// What a rule finds while it is written, and whether anything is left when it counts.
import { type ColorCondition, type ColorRule, defaultColorOrder, type RowColor } from '@tidewheel/contract/color-rule';
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { ColorRuleTest } from '@tidewheel/contract/routes/color-rules';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import type { TableEngine } from '../../../storage/tables/table-engine.ts';
import { deskDay } from '../desk-day.store.ts';
import { findRules } from './rules.store.ts';
import { findProcessedRows, findTriedProcessing, findWaitingRows, mostTried, type TriedRow } from './tried-rows.store.ts';
import { colorOfShown, previewRows, type ShownRow, tableNode, tryRules } from './try-rules.ts';

interface TestDeps {
  databases: Databases;
  tables: TableEngine;
}
export interface TrialRule {
  id: string;
  kind: ColorRule['kind'];
  title: string;
  condition: ColorCondition;
  color: RowColor | null;
}
export interface Candidate {
  kind: ColorRule['kind'];
  condition: ColorCondition;
  color?: RowColor | null;
  title?: string;
  id?: string | undefined;
}
/** What stands for a rule that is not kept yet. */
export const newRule = '00000000-0000-4000-8000-000000000000';

/** The active rules as they would be with this one: in its place when there is a rule with its id, else the last of its kind. */
export async function rulesWith(trx: WorkspaceTransaction, candidate: Candidate | undefined): Promise<TrialRule[]> {
  const all = await findRules(trx, { isArchived: false });
  const kept = all.filter(({ active, id }) => active && id !== candidate?.id);
  if (!candidate) return kept;
  const rule: TrialRule = { title: '', ...candidate, id: candidate.id ?? newRule, color: candidate.color ?? (candidate.kind === 'color' ? 'yellow' : null) };
  const place = all.find(({ id }) => id === candidate.id && candidate.id !== undefined)?.priority ?? Number.POSITIVE_INFINITY;
  const before = kept.filter(({ kind, priority }) => kind !== rule.kind || priority < place);
  return [...before, rule, ...kept.filter((other) => !before.includes(other))];
}

export interface TestOrder extends Candidate {
  processing?: number | undefined;
  today?: string | undefined;
}

/** @throws NotFound for a processing that is none */
export async function testRule(
  deps: TestDeps,
  actor: Actor,
  { processing, today, rule, ...candidate }: Omit<TestOrder, 'id'> & { rule?: string | undefined },
): Promise<ColorRuleTest> {
  requirePermission(actor, 'color.read');
  const asked = { ...candidate, id: rule };
  const given = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const found = processing === undefined ? undefined : await existingProcessing(trx, processing);
    const rows = found ? await findProcessedRows(trx, found) : await findWaitingRows(trx);
    return { rows, day: found?.date ?? (await deskDay(trx)), rules: await rulesWith(trx, asked) };
  });
  return countsOf(deps, { ...given, candidate: { ...asked, id: rule ?? newRule }, today: today ?? given.day });
}

/** @throws Conflict when something waits, and nothing of it would be left */
export async function requireRowsLeft(deps: TestDeps, actor: Actor, candidate: Candidate): Promise<void> {
  const given = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => ({
    rows: await findWaitingRows(trx),
    rules: await rulesWith(trx, candidate),
    today: await deskDay(trx),
  }));
  if (given.rows.length === 0) return;
  const { rows, left, matches } = await countsOf(deps, { ...given, candidate: { ...candidate, id: candidate.id ?? newRule } });
  if (left > 0) return;
  const whole = matches === rows ? `This rule excludes all ${rows} rows that wait` : `With this rule all ${rows} rows that wait are excluded`;
  throw new Conflict('color_rule.excludes_all', `${whole} in the buffer.`, {
    hint: 'Look at its condition. If it is meant, allow it (allowsAll).',
    details: { rows },
  });
}

interface Counting {
  rows: TriedRow[];
  rules: TrialRule[];
  candidate: Candidate & { id: string };
  today: string;
}

async function countsOf({ tables }: TestDeps, { rows, rules, candidate, today }: Counting): Promise<ColorRuleTest> {
  const looked = rows.slice(0, mostTried);
  const isCapped = rows.length > mostTried;
  if (looked.length === 0) return { rows: 0, matches: 0, decides: 0, left: 0, isCapped, first: [] };
  const alone: TrialRule[] = [{ title: '', color: null, ...candidate, kind: 'exclude' }];
  const counted = { op: 'aggregate', by: ['excludedBy', 'colorBy'], aggregates: [{ as: 'n', function: 'count' }] } as const;
  const result = await tryRules(tables, {
    rows: looked,
    today,
    nodes: [
      tableNode('alone', 'rows', colorsNode(alone)),
      tableNode('found', 'alone', { op: 'filter', where: '"excludedBy" IS NOT NULL', onRowError: 'fail' }),
      tableNode('whole', 'rows', colorsNode(rules)),
      tableNode('counts', 'whole', { ...counted, by: [...counted.by], aggregates: [...counted.aggregates] }),
    ],
  });
  const counts = previewRows(result.nodes['counts']?.preview ?? { columns: [], rows: [], truncated: false });
  const sum = (is: (row: ShownRow) => boolean) => counts.filter(is).reduce((total, row) => total + Number(row['n']), 0);
  const found = result.nodes['found'];
  return {
    rows: looked.length,
    matches: found?.counts.rowsOut ?? 0,
    decides: sum((row) => row[candidate.kind === 'exclude' ? 'excludedBy' : 'colorBy'] === candidate.id),
    left: looked.length - (result.nodes['whole'] ? sum((row) => row['excludedBy'] !== null) : 0),
    isCapped,
    first: previewRows(found?.preview ?? { columns: [], rows: [], truncated: false })
      .slice(0, 50)
      .map(colorOfShown),
  };
}

export function colorsNode(rules: TrialRule[], order = defaultColorOrder) {
  return {
    op: 'colors' as const,
    exclusions: rules.flatMap(({ id, kind, condition }) => (kind === 'exclude' ? [{ id, when: condition }] : [])),
    colorings: rules.flatMap(({ id, kind, condition, color }) => (kind === 'color' ? [{ id, when: condition, color: color ?? 'yellow' }] : [])),
    order,
    allowsAll: true,
  };
}

export async function existingProcessing(trx: WorkspaceTransaction, number: number) {
  const found = await findTriedProcessing(trx, number);
  if (found) return found;
  throw new NotFound('color_processing.unknown', `There is no processing ${number}.`, { hint: 'Look at the list of processings.' });
}

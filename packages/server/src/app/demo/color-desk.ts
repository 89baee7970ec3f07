// The color desk of a new installation: a handful of rules, and one processing of the synthetic morning, so that there is something to look at.
import type { ColorRuleContent } from '@tidewheel/contract/color-rule';
import type { Actor } from '../../base/actor.ts';
import type { RunsService } from '../../engine/runs/runs.service.ts';
import { type ColorRuleDeps, createRule, listRules } from '../../features/colors/rules/rules.service.ts';
import { demoColorFlow } from './demo-files.ts';

type Rule = Pick<ColorRuleContent, 'kind' | 'title' | 'condition' | 'color'>;
const rules: Rule[] = [
  { kind: 'exclude', title: 'Odd lots', condition: { field: 'size', operator: 'less', value: 0.5 }, color: null },
  { kind: 'exclude', title: 'Prices far from par', condition: { field: 'px', operator: 'less', value: 85 }, color: null },
  {
    kind: 'exclude',
    title: 'Talk of small size',
    condition: {
      all: [
        { field: 'bias', operator: 'is', value: 'talk' },
        { field: 'size', operator: 'less', value: 2 },
      ],
    },
    color: null,
  },
  {
    kind: 'color',
    title: 'Covers and trades',
    condition: {
      any: [
        { field: 'bias', operator: 'is', value: 'cover' },
        { field: 'bias', operator: 'is', value: 'trade' },
      ],
    },
    color: 'blue',
  },
  {
    kind: 'color',
    title: 'Bids of the best sources',
    condition: {
      all: [
        { field: 'bias', operator: 'is', value: 'bid' },
        { field: 'rank', operator: 'atMost', value: 1 },
      ],
    },
    color: 'green',
  },
  { kind: 'color', title: 'Large size', condition: { field: 'size', operator: 'atLeast', value: 10 }, color: 'yellow' },
];

/** Makes the rules of the demo when the desk never had any. */
export async function placeDemoRules(deps: ColorRuleDeps, actor: Actor): Promise<void> {
  const lists = [await listRules(deps, actor, { archived: false }), await listRules(deps, actor, { archived: true })];
  if (lists.some(({ items }) => items.length > 0)) return;
  for (const rule of rules) await createRule(deps, actor, { ...rule, note: 'Of the demo', active: true, allowsAll: true });
}

/** Starts the synthetic morning when it never ran, and does not wait for it. */
export async function startDemoMorning(runs: RunsService, actor: Actor): Promise<void> {
  const { items } = await runs.listRuns(actor, { flow: demoColorFlow, limit: 1 });
  if (items.length === 0) await runs.startRun(actor, { slug: demoColorFlow, parameters: {} });
}

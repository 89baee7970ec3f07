// What the change log may take back of the desk's rules and of the order of its sheet.
import { ColorRuleContent, type ColorRuleSet } from '@tidewheel/contract/color-rule';
import type { Actor } from '../../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange, superseded } from '../../../base/change-module.ts';
import {
  archiveRule,
  type ColorRuleDeps,
  contentOf,
  listRules,
  reorderRules,
  restoreRule,
  showDesk,
  showRule,
  updateDesk,
  updateRule,
} from './rules.service.ts';

export function colorRuleChanges(deps: ColorRuleDeps): ChangeModule {
  return {
    name: 'color-rules',
    title: 'Color rules',
    sees: 'color.read',
    reverts: {
      'color_rule.created': async (actor, change) => {
        await backOf(deps, actor, change);
        await archiveRule(deps, actor, change.object.id);
      },
      'color_rule.updated': async (actor, change) => {
        const { rule, back } = await backOf(deps, actor, change);
        const content = ColorRuleContent.parse({ ...contentOf(rule), ...back });
        await updateRule(deps, actor, { id: rule.id, ...content, revision: rule.revision, allowsAll: true });
      },
      'color_rule.archived': async (actor, change) => {
        const { active } = (change.before ?? {}) as { active?: boolean };
        await restoreRule(deps, actor, change.object.id, active === true);
      },
      'color_rule.restored': async (actor, change) => {
        await backOf(deps, actor, change);
        await archiveRule(deps, actor, change.object.id);
      },
      'color_rule.reordered': (actor, change) => orderBack(deps, actor, change),
      'color_desk.changed': async (actor, change) => {
        const { order, revision } = await showDesk(deps, actor);
        const back = fieldsBack({ change, present: order }) as Partial<ColorRuleSet['order']>;
        await updateDesk(deps, actor, { order: { ...order, ...back }, revision });
      },
    },
  };
}

/** @throws NotFound when it was archived since, Conflict when it was changed again */
async function backOf(deps: ColorRuleDeps, actor: Actor, change: LoggedChange) {
  const rule = await showRule(deps, actor, change.object.id);
  return { rule, back: fieldsBack({ change, present: contentOf(rule) }) };
}

async function orderBack(deps: ColorRuleDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const kind = change.object.id === 'color' ? 'color' : 'exclude';
  const { items } = await listRules(deps, actor, { archived: false });
  const now = items.filter((rule) => rule.kind === kind).map(({ id }) => id);
  const [before, after] = [change.before, change.after] as { ids: string[] }[];
  if (now.join() !== after?.ids.join()) throw superseded(change, 'The rules were ordered, added or archived again since.');
  await reorderRules(deps, actor, { kind, ids: before?.ids ?? now, seen: now });
}

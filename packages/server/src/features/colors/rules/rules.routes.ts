// HTTP only: joins the routes of the contract with the service.
import * as routes from '@tidewheel/contract/routes/color-rules';
import { type Endpoint, endpoint } from '../../../base/endpoint.ts';
import { playRules } from './play-rules.ts';
import { testRule } from './rule-test.ts';
import {
  archiveRule,
  type ColorRuleDeps,
  createRule,
  duplicateRule,
  listRules,
  reorderRules,
  restoreRule,
  showDesk,
  showRule,
  switchRule,
  updateDesk,
  updateRule,
} from './rules.service.ts';

export function colorRuleEndpoints(deps: ColorRuleDeps): Endpoint[] {
  return [
    endpoint(routes.listColorRules, ({ actor, query }) => listRules(deps, actor, query)),
    endpoint(routes.showColorRule, ({ actor, params }) => showRule(deps, actor, params.id)),
    endpoint(routes.createColorRule, ({ actor, body }) => createRule(deps, actor, body)),
    endpoint(routes.updateColorRule, ({ actor, params, body }) => updateRule(deps, actor, { ...params, ...body })),
    endpoint(routes.switchColorRule, ({ actor, params, body }) => switchRule(deps, actor, { ...params, ...body })),
    endpoint(routes.duplicateColorRule, ({ actor, params }) => duplicateRule(deps, actor, params.id)),
    endpoint(routes.reorderColorRules, ({ actor, body }) => reorderRules(deps, actor, body)),
    endpoint(routes.archiveColorRule, ({ actor, params }) => archiveRule(deps, actor, params.id)),
    endpoint(routes.restoreColorRule, ({ actor, params }) => restoreRule(deps, actor, params.id)),
    endpoint(routes.testColorRule, ({ actor, body }) => testRule(deps, actor, body)),
    endpoint(routes.playColorRules, ({ actor, body }) => playRules(deps, actor, body)),
    endpoint(routes.showColorDeskSettings, ({ actor }) => showDesk(deps, actor)),
    endpoint(routes.updateColorDeskSettings, ({ actor, body }) => updateDesk(deps, actor, body)),
  ];
}

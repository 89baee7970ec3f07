// The flows that a document runs: whether they are there, take what they are given, and do not come back to it.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { closest } from '../../base/text.ts';
import { type CheckContext, reportAbsent } from './check-context.ts';
import { flowOf, flowsRunBy } from './other-flows.ts';
import { coerce } from './parameter-values.ts';
import type { DraftStep } from './parse.ts';

export function checkOtherFlows(context: CheckContext): void {
  for (const step of context.draft.steps) {
    const slug = flowOf(step.step, context.types);
    if (slug !== null) checkOne({ context, step, slug });
  }
}

interface RunCheck {
  context: CheckContext;
  step: DraftStep;
  slug: string;
}

function checkOne({ context, step, slug }: RunCheck): void {
  const keys = [...step.keys, 'with', 'flow'];
  if (slug === context.draft.name) {
    const hint = 'Pass on a list to `each`, or use `repeat`.';
    context.report({ keys, message: 'is the flow itself: it would run itself without end', hint });
    return;
  }
  const found = context.flows.found.get(slug);
  const how = context.absent.flows;
  if (!found || (!found.mayRun && how !== 'warning')) {
    reportAbsent({ context, keys, what: `flow "${slug}"`, slip: closest(slug, context.flows.names), how });
    return;
  }
  if (!found.document) {
    context.report({ keys, message: `"${slug}" only has a draft`, severity: 'warning', hint: 'Publish it before this flow runs.' });
    return;
  }
  checkGiven({ context, step, slug }, found.document);
  const circle = wayBack(context, slug);
  if (circle) {
    const message = `runs this flow again: ${circle.join(' -> ')}`;
    context.report({ keys, message, severity: 'warning', hint: 'Unless a condition ends it, it fails when runs are nested 20 deep.' });
  }
}

function checkGiven({ context, step, slug }: RunCheck, { parameters, timeZone }: FlowDocument): void {
  const keys = [...step.keys, 'with', 'parameters'];
  const given = step.step.with['parameters'] ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) return;
  const names = Object.keys(parameters);
  for (const [name, value] of Object.entries(given)) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!parameter) {
      const slip = closest(name, names);
      const there = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
      context.report({ keys: [...keys, name], message: `the flow "${slug}" has no parameter "${name}"; ${slip ? `did you mean "${slip}"?` : there}` });
    } else if (!isComputed(value)) {
      const outcome = coerce({ parameter, given: value, timeZone });
      if ('fault' in outcome) context.report({ keys: [...keys, name], message: outcome.fault });
    }
  }
  for (const [name, { default: value, required }] of Object.entries(parameters)) {
    if (value !== undefined || required === false || Object.hasOwn(given, name)) continue;
    const isThere = step.step.with['parameters'] !== undefined;
    context.report({
      keys: isThere ? keys : [...step.keys, 'with'],
      message: `lacks the parameter ${name} of the flow "${slug}"`,
      hint: `Give it under \`parameters\`.`,
    });
  }
}

function isComputed(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{');
}

/** The shortest way from a flow back to the one that is checked. */
function wayBack({ draft, flows, types }: CheckContext, slug: string): string[] | null {
  if (draft.name === null) return null;
  const ways = [[slug]];
  const seen = new Set([slug]);
  for (let way = ways.shift(); way; way = ways.shift()) {
    const document = flows.found.get(way.at(-1) as string)?.document;
    for (const next of document ? flowsRunBy(document, types) : []) {
      if (next === draft.name) return [draft.name, ...way, draft.name];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return null;
}

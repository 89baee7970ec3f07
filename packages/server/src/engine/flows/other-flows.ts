// The flows that a document runs, and those that these run: found before it is checked.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { allSteps } from '@tidewheel/contract/flow-steps';
import type { StepTypes } from '../ports.ts';
import type { Draft } from './parse.ts';

export interface OtherFlow {
  slug: string;
  /** Of its newest version; null when it only has a draft. */
  document: FlowDocument | null;
  /** Whether the person who asks may run it. */
  mayRun: boolean;
}
export interface OtherFlows {
  found: ReadonlyMap<string, OtherFlow>;
  /** Those that the person may run, when one is missing: it may be a slip. */
  names: readonly string[];
}

/** Where flows are looked up. Those that are archived are not there. */
export interface FlowLookup {
  find(slugs: readonly string[]): Promise<OtherFlow[]>;
  /** Of all that the person may run. */
  names(): Promise<string[]>;
}

/** Beyond so many flows a circle is not looked for any more. */
const most = 200;

export async function otherFlows(draft: Draft, { types, lookup }: { types: StepTypes; lookup: FlowLookup }): Promise<OtherFlows> {
  const found = new Map<string, OtherFlow>();
  const asked = new Set<string>();
  const direct = draft.steps.flatMap(({ step }) => flowOf(step, types) ?? []);
  let wanted = direct;
  while (wanted.length > 0 && asked.size < most) {
    const next = [...new Set(wanted)].filter((slug) => !asked.has(slug)).slice(0, most - asked.size);
    if (next.length === 0) break;
    for (const slug of next) asked.add(slug);
    const flows = await lookup.find(next);
    for (const flow of flows) found.set(flow.slug, flow);
    wanted = flows.flatMap(({ document }) => (document ? flowsRunBy(document, types) : []));
  }
  const isMissing = direct.some((slug) => !found.get(slug)?.mayRun);
  return { found, names: isMissing ? await lookup.names() : [] };
}

export function flowsRunBy(document: FlowDocument, types: StepTypes): string[] {
  return [...allSteps(document.steps)].flatMap(({ step }) => flowOf(step, types) ?? []);
}

/** The flow that a step runs, when it is one that does. */
export function flowOf({ use, with: config }: { use: string; with: Record<string, unknown> }, types: StepTypes): string | null {
  const type = types.get(use);
  const { flow } = config;
  return type?.where === 'inline' && type.starts === 'flow' && typeof flow === 'string' ? flow : null;
}

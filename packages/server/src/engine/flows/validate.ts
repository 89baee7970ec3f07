// Everything that can be said about a flow document without running it, all at once.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Fault } from '@tidewheel/contract/problem';
import { closest } from '../../base/text.ts';
import { dotted, faultText } from '../../base/zod-faults.ts';
import type { TableEngine } from '../../storage/tables/table-engine.ts';
import { checkBelow } from './check-below.ts';
import { checkConfigs } from './check-config.ts';
import { type Around, type CheckContext, checkContext, everyoneSees } from './check-context.ts';
import { checkEdges } from './check-edges.ts';
import { checkExpression } from './check-expression.ts';
import { checkGraph } from './check-graph.ts';
import { checkOtherFlows } from './check-other-flows.ts';
import { checkParameters } from './check-parameters.ts';
import { type FlowLookup, otherFlows } from './other-flows.ts';
import { readDraft } from './parse.ts';

export interface Surroundings extends Pick<Around, 'calendars' | 'types' | 'connections' | 'targets' | 'files' | 'holds'> {
  tableEngine: Pick<TableEngine, 'check'>;
  flows: FlowLookup;
  /** Of those who are asked to approve, those that somebody is there for; left out: nothing is said of them. */
  whoDecides?: ((approvers: string[]) => Promise<ReadonlySet<string>>) | undefined;
  /** What a connection, file or flow that is not there is: a warning unless told. See check-context.ts. */
  absent?: Around['absent'];
}

export interface Validation {
  /** Null when the text could not be read as a flow document; it may still have faults otherwise. */
  document: FlowDocument | null;
  /** Errors and warnings in the order of the lines. */
  faults: Fault[];
}

/** @throws TooLarge */
export async function validateFlow(
  source: string,
  { tableEngine, flows: lookup, whoDecides, absent = everyoneSees, ...around }: Surroundings,
): Promise<Validation> {
  const draft = readDraft(source);
  const faults = [...draft.faults];
  const flows = await otherFlows(draft, { types: around.types, lookup });
  const context = checkContext({ ...around, draft, flows, absent, faults });
  checkParameters(context, checkTimeZone(context));
  checkGraph(context);
  checkEdges(context);
  checkBelow(context);
  checkConfigs(context);
  checkOtherFlows(context);
  checkOutputs(context);
  await checkApprovers(context, whoDecides);
  await checkSql(context, tableEngine);
  return { document: draft.document, faults: faults.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

export function hasErrors(faults: readonly Fault[]): boolean {
  return faults.some((fault) => fault.severity === 'error');
}

function checkOutputs(context: CheckContext): void {
  for (const [name, { value }] of Object.entries(context.draft.outputs))
    checkExpression({ context, keys: ['outputs', name, 'value'], text: value, sight: { step: null, locals: [] } });
}

/** People and roles come and go on their own, so it is a warning. */
async function checkApprovers(context: CheckContext, whoDecides: Surroundings['whoDecides']): Promise<void> {
  const asked = [...new Set(context.approvers.flatMap((one) => one.approvers))];
  if (!whoDecides || asked.length === 0) return;
  const there = await whoDecides(asked);
  for (const { keys, approvers } of context.approvers) {
    for (const one of approvers.filter((approver) => !there.has(approver))) {
      const message = one.includes('@') ? `"${one}" is nobody who can approve in this workspace` : `nobody holds the role "${one.replace(/^role\./, '')}"`;
      context.report({ keys, message, severity: 'warning', hint: 'A run waits until somebody can decide, or until the approval expires.' });
    }
  }
}

/** @returns a zone that exists, to go on with */
function checkTimeZone(context: CheckContext): string {
  const { timeZone } = context.draft;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return timeZone;
  } catch {
    const slip = closest(timeZone, Intl.supportedValuesOf('timeZone'));
    context.report({
      keys: ['timeZone'],
      message: `there is no time zone "${timeZone}"${slip ? `; did you mean "${slip}"?` : ''}`,
      hint: 'Use an IANA name like Europe/Paris.',
    });
    return 'UTC';
  }
}

async function checkSql(context: CheckContext, tableEngine: Surroundings['tableEngine']): Promise<void> {
  if (context.sql.length === 0) return;
  const parameters = Object.keys(context.draft.parameters);
  const byPath = new Map(context.sql.map((sql) => [dotted(sql.keys), sql.keys]));
  try {
    const faults = await tableEngine.check(
      context.sql.map(({ keys, text, kind, locals }) => ({ path: dotted(keys), text, kind, parameters: [...new Set([...parameters, ...locals])] })),
    );
    for (const { path, message, hint, severity } of faults) context.report({ keys: byPath.get(path) ?? [path], message, hint, severity });
  } catch (thrown) {
    context.report({
      keys: ['steps'],
      message: `the SQL could not be checked now: ${faultText(thrown).message}`,
      severity: 'warning',
      hint: 'It is checked again when a run starts.',
    });
  }
}

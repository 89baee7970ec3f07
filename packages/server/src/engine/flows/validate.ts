// Everything that can be said about a flow document without running it, all at once.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Fault } from '@tidewheel/contract/problem';
import { closest } from '../../base/text.ts';
import { dotted, faultText } from '../../base/zod-faults.ts';
import type { TableEngine } from '../../storage/tables/table-engine.ts';
import type { StepTypes } from '../ports.ts';
import { checkConfigs } from './check-config.ts';
import { type Absent, type CheckContext, checkContext, everyoneSees } from './check-context.ts';
import { checkGraph } from './check-graph.ts';
import { checkParameters } from './check-parameters.ts';
import { readDraft } from './parse.ts';

export interface Surroundings {
  types: StepTypes;
  tableEngine: Pick<TableEngine, 'check'>;
  connections: readonly { slug: string; type: string }[];
  /** The slugs of the uploaded files. */
  files: readonly string[];
  /** What a connection or file that is not among these is: a warning unless told. See check-context.ts. */
  absent?: Absent;
}

export interface Validation {
  /** Null when the text could not be read as a flow document; it may still have faults otherwise. */
  document: FlowDocument | null;
  /** Errors and warnings in the order of the lines. */
  faults: Fault[];
}

/** @throws TooLarge */
export async function validateFlow(source: string, { types, tableEngine, connections, files, absent }: Surroundings): Promise<Validation> {
  const draft = readDraft(source);
  const faults = [...draft.faults];
  const context = checkContext({ draft, types, connections, files, absent: absent ?? everyoneSees, faults });
  checkParameters(context, checkTimeZone(context));
  checkGraph(context);
  checkConfigs(context);
  await checkSql(context, tableEngine);
  return { document: draft.document, faults: faults.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

export function hasErrors(faults: readonly Fault[]): boolean {
  return faults.some((fault) => fault.severity === 'error');
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
    const faults = await tableEngine.check(context.sql.map(({ keys, text, kind }) => ({ path: dotted(keys), text, kind, parameters })));
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

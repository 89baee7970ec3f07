// What the checks of a document share: the draft, what exists around it, and the list they report to.
import type { Fault } from '@tidewheel/contract/problem';
import { dotted } from '../../base/zod-faults.ts';
import type { Names } from '../expressions/names.ts';
import type { StepTypes } from '../ports.ts';
import type { Draft } from './parse.ts';
import type { Keys } from './yaml-source.ts';

/** SQL of the document that the table engine has to look at. */
export interface SqlText {
  keys: Keys;
  text: string;
  kind: 'row' | 'sql';
}

/**
 * What is said of a name that is not in the lists. `warning`: it may come yet. `error`: the lists are what this person may use, and to name
 * another one, there or not, would be to use it behind the back of who gives permissions. `nothing`: this person only looks.
 */
export interface Absent {
  connections: 'warning' | 'error' | 'nothing';
  files: 'warning' | 'error' | 'nothing';
}
export const everyoneSees: Absent = { connections: 'warning', files: 'warning' };

export interface CheckContext {
  draft: Draft;
  types: StepTypes;
  connections: readonly { slug: string; type: string }[];
  /** The slugs of the uploaded files. */
  files: readonly string[];
  absent: Absent;
  /** Of all steps, also of those that could not be read. */
  steps: Names;
  sql: SqlText[];
  report(fault: { keys: Keys; message: string; hint?: string | undefined; severity?: Fault['severity'] }): void;
}

export function checkContext({
  draft,
  types,
  connections,
  files,
  absent,
  faults,
}: {
  draft: Draft;
  types: StepTypes;
  connections: CheckContext['connections'];
  files: CheckContext['files'];
  absent: Absent;
  faults: Fault[];
}): CheckContext {
  const stepIds = new Set(draft.stepIds);
  return {
    draft,
    types,
    connections,
    files,
    absent,
    steps: { has: (name) => stepIds.has(name), all: () => stepIds },
    sql: [],
    report({ keys, message, hint, severity = 'error' }) {
      faults.push({ path: dotted(keys), message, severity, line: draft.lineOf(keys), ...(hint !== undefined && { hint }) });
    },
  };
}

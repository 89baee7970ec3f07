// What the checks of a document share: the draft, what exists around it, and the list they report to.
import type { Fault } from '@tidewheel/contract/problem';
import type { Permission } from '@tidewheel/contract/route';
import { dotted } from '../../base/zod-faults.ts';
import type { CalendarBook } from '../../platform/calendars/book.ts';
import type { StepTypes } from '../ports.ts';
import { type Levels, levelsOf } from './levels.ts';
import type { OtherFlows } from './other-flows.ts';
import type { Draft } from './parse.ts';
import type { Keys } from './yaml-source.ts';

/** SQL of the document that the table engine has to look at. */
export interface SqlText {
  keys: Keys;
  text: string;
  kind: 'row' | 'sql';
  /** Names that `:name` may have besides the parameters. */
  locals: readonly string[];
}

type HowAbsent = 'warning' | 'error' | 'nothing';

/**
 * What is said of a name that is not in the lists. `warning`: it may come yet. `error`: the lists are what this person may use, and to name
 * another one, there or not, would be to use it behind the back of who gives permissions. `nothing`: this person only looks.
 */
export interface Absent {
  connections: HowAbsent;
  targets: HowAbsent;
  files: HowAbsent;
  flows: HowAbsent;
}
export const everyoneSees: Absent = { connections: 'warning', targets: 'warning', files: 'warning', flows: 'warning' };

/** What is around a document, as far as the person who asks may use it. */
export interface Around {
  types: StepTypes;
  connections: readonly { slug: string; type: string }[];
  targets: readonly { id: string; name: string; transport: string }[];
  /** The slugs of the uploaded files. */
  files: readonly string[];
  /** Of those that the document runs, directly or through others, those that exist. */
  flows: OtherFlows;
  /** Left out: those that are built in. */
  calendars?: CalendarBook | undefined;
  absent: Absent;
  /** Whether the person who asks may write such a step; left out: he only looks. */
  holds?: ((permission: Permission) => boolean) | undefined;
}

export interface CheckContext extends Around {
  draft: Draft;
  levels: Levels;
  sql: SqlText[];
  /** Who is asked to approve, as far as it is written down. */
  approvers: { keys: Keys; approvers: string[] }[];
  report(fault: { keys: Keys; message: string; hint?: string | undefined; severity?: Fault['severity'] }): void;
}

export function checkContext({ draft, faults, ...around }: Around & { draft: Draft; faults: Fault[] }): CheckContext {
  return {
    ...around,
    draft,
    levels: levelsOf(draft),
    sql: [],
    approvers: [],
    report({ keys, message, hint, severity = 'error' }) {
      faults.push({ path: dotted(keys), message, severity, line: draft.lineOf(keys), ...(hint !== undefined && { hint }) });
    },
  };
}

interface Missing {
  context: CheckContext;
  keys: Keys;
  /** E.g. `connection "inbox"`. */
  what: string;
  slip: string | undefined;
  how: HowAbsent;
}

export function reportAbsent({ context, keys, what, slip, how }: Missing): void {
  if (how === 'nothing') return;
  if (how === 'error') {
    const message = slip ? `there is no ${what} that you may use; did you mean "${slip}"?` : `there is no ${what} that you may use`;
    context.report({ keys, message, hint: 'Ask an administrator of the workspace for the permission to use it.' });
    return;
  }
  const message = slip ? `there is no ${what}; did you mean "${slip}"?` : `there is no ${what} yet`;
  context.report({ keys, message, severity: 'warning', hint: 'It is looked for again when a run starts.' });
}

// What the change log asks of each module: which of its audit entries are changes, and how to take one back. The log lives in platform/audit and
// knows no module; app/ hands it the list.
import { isDeepStrictEqual } from 'node:util';
import type { AuditAction } from '@tidewheel/contract/audit-actions';
import { Conflict } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';
import type { Actor } from './actor.ts';

/** An entry of the audit trail that changed something. */
export interface LoggedChange {
  id: string;
  action: AuditAction;
  object: { type: string; id: string; title: string };
  before: unknown;
  after: unknown;
}

export interface ChangeModule {
  /** `flows`: in addresses and filters. */
  name: string;
  title: string;
  /** Who has it may see the module's changes. */
  sees: Permission;
  /** How each kind of change is taken back. A change whose action is not here is shown and cannot be reverted. */
  reverts: Partial<Record<AuditAction, (actor: Actor, change: LoggedChange) => Promise<void>>>;
  /** Changes that are shown only, with the reason. */
  shows?: Partial<Record<AuditAction, string>>;
}

/**
 * What a change of fields has to be set back to: those that it changed, if they are still as it left them. Fields that somebody changed
 * elsewhere meanwhile stay as they are.
 * @throws Conflict `change.superseded` naming the fields that were changed again since
 */
export function fieldsBack({ change, present }: { change: LoggedChange; present: object }): Record<string, unknown> {
  const [before, after, now] = [change.before, change.after, present].map(recordOf) as [Fields, Fields, Fields];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !same(before[key], after[key]));
  const again = changed.filter((key) => !same(after[key], now[key]));
  if (again.length > 0) throw superseded(change, `${again.join(', ')} of "${change.object.title}" ${again.length === 1 ? 'was' : 'were'} changed again since.`);
  return Object.fromEntries(changed.map((key) => [key, before[key]]));
}

type Fields = Record<string, unknown>;

function recordOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

// As JSON keeps them: a field that is not there is null.
function same(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(plain(one), plain(other));
}

function plain(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

export function superseded(change: LoggedChange, message: string): Conflict {
  return new Conflict('change.superseded', message, {
    hint: 'Take back the newer change first, or set it by hand.',
    details: { change: change.id, object: change.object },
  });
}

// What is wrong with how somebody wants to be told: a slip in a name would keep him from hearing of anything, without a word.
import type { NotificationPreferences } from '@tidewheel/contract/notify';
import { type Actor, may } from '../../../base/actor.ts';
import { closest } from '../../../base/text.ts';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { findFlows } from './messages.store.ts';

interface PreferenceFault {
  path: string;
  message: string;
}

/** Names that stood there before stay: their flow may have been removed since. */
export async function preferenceFaults(
  trx: WorkspaceTransaction,
  actor: Actor,
  { before, after }: { before: NotificationPreferences; after: NotificationPreferences },
): Promise<PreferenceFault[]> {
  const { quietHours } = after;
  const quiet = quietHours && quietHours.from === quietHours.to ? [{ path: 'quietHours.to', message: 'must be another time than the one they begin at' }] : [];
  const added = (['watch', 'mute'] as const).flatMap((list) =>
    after[list].flatMap((name, index) => (before[list].includes(name) ? [] : [{ name, path: `${list}.${index}` }])),
  );
  if (added.length === 0) return quiet;
  const flows = await findFlows(trx, actor.workspaceId);
  const seen = flows.filter(({ slug: flow, folder, kind }) => may(actor, 'run.read', { flow, folder, kind })).map(({ slug }) => slug);
  const unknown = added.filter(({ name }) => !seen.includes(name));
  return [...quiet, ...unknown.map(({ name, path }) => ({ path, message: missing(name, seen) }))];
}

function missing(name: string, seen: readonly string[]): string {
  const slip = closest(name, seen);
  return `there is no flow "${name}"${slip ? `; did you mean "${slip}"?` : ''}`;
}

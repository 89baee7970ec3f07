// Tells whoever answers for a key in time that it is about to end: once, by mail.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../base/logger.ts';
import type { IdentityDb } from './identity.store.ts';
import { type EndingKey, findEndingKeys, noteKeyReminder } from './key-reminder.store.ts';
import type { Mailer } from './mailer-port.ts';

export interface KeyReminderDeps {
  db: IdentityDb;
  mailer: Mailer;
  log: Logger;
}

const everyMs = 600_000;
const firstAfterMs = 10_000;

/** Without a mail server nothing is noted, so that nothing is missed once there is one. @returns how many keys were announced */
export async function remindOfKeys({ db, mailer }: Omit<KeyReminderDeps, 'log'>): Promise<number> {
  if (!(await mailer.isConfigured())) return 0;
  let sent = 0;
  for (const key of await findEndingKeys(db)) {
    const isTold = await db.transaction().execute(async (trx) => {
      if (!(await noteKeyReminder(trx, key.id))) return false;
      for (const to of key.to) await mailer.enqueue(trx, { ...mailOf(key), to });
      return true;
    });
    if (isTold) sent += 1;
  }
  return sent;
}

function mailOf({ id, title, prefix, workspace, account, expiresAt }: EndingKey) {
  const day = expiresAt.toISOString().slice(0, 10);
  const whose = account === null ? 'Your API token' : `The key of the service account ${account}`;
  const next =
    account === null
      ? 'Make a new one on your profile page, or with: tidewheel token create'
      : `Rotate it under Admin > Service accounts, or with: tidewheel service-account rotate-key ${account} ${id}`;
  return {
    purpose: 'key.expiring',
    subject: `${whose} ends on ${day}`,
    text: `${whose} "${title}" (${prefix ?? ''}…) in the workspace ${workspace} ends on ${day}. Whatever uses it stops working then.\n\n${next}\n`,
    usefulUntil: expiresAt,
  };
}

/** Of the scheduler role. @returns stop */
export function startKeyReminders(deps: KeyReminderDeps): () => Promise<void> {
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const work = async (): Promise<void> => {
    for (await pause(firstAfterMs); !stopping.signal.aborted; await pause(everyMs))
      await remindOfKeys(deps).catch((error: unknown) => deps.log.warn({ err: error }, 'Ends of keys could not be announced; trying again.'));
  };
  const done = work();
  return () => {
    stopping.abort();
    return done;
  };
}

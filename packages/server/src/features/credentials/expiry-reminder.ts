// Tells administrators in time that a credential is about to end: each reminder once, by mail, with an entry in the trail.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../base/logger.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { Databases } from '../../storage/database.ts';
import { type DueReminder, findAdministrators, findDue, noteReminder } from './expiry-reminder.store.ts';

type Trx = Parameters<typeof noteReminder>[0];

export interface ReminderDeps {
  databases: Databases;
  /** Mail; app/ hands it in. */
  mailer: {
    isConfigured(): Promise<boolean>;
    enqueue(trx: Trx, mail: { purpose: string; to: string; subject: string; text: string; usefulUntil: Date }): Promise<void>;
  };
  log: Logger;
}

const everyMs = 600_000;
const firstAfterMs = 5_000;
const dayMs = 86_400_000;

/** Sends what is due. Without a mail server nothing is noted, so that nothing is missed once there is one. @returns how many credentials were announced */
export async function remindOfExpiry({ databases, mailer }: ReminderDeps): Promise<number> {
  if (!(await mailer.isConfigured())) return 0;
  let sent = 0;
  for (const due of await findDue(databases)) {
    const told = await databases.engine.transaction().execute(async (trx) => {
      if (!(await noteReminder(trx, due))) return false;
      const administrators = await findAdministrators(trx, due.workspace_id);
      for (const to of administrators) await mailer.enqueue(trx, { ...mailOf(due), to });
      const actor = { userId: null, label: 'system', workspaceId: due.workspace_id };
      const object = { type: 'credential', id: due.id, title: due.slug };
      await recordAudit(trx, actor, {
        action: 'credential.reminded',
        object,
        after: { expiresOn: due.expires_on, daysBefore: due.days, mailedTo: administrators },
      });
      return true;
    });
    if (told) sent += 1;
  }
  return sent;
}

function mailOf({ slug, title, workspace, expires_on, left, used_by }: DueReminder) {
  const when = left < 0 ? `ended on ${expires_on}` : left === 0 ? 'ends today' : `ends on ${expires_on}, in ${left} ${left === 1 ? 'day' : 'days'}`;
  const users = used_by.length > 0 ? `It is used by the connections ${used_by.join(', ')}.` : 'No connection uses it.';
  return {
    purpose: 'credential.expiring',
    subject: `The credential ${slug} ${left < 0 ? 'has ended' : left === 0 ? 'ends today' : `ends in ${left} ${left === 1 ? 'day' : 'days'}`}`,
    text: `The credential "${title}" (${slug}) of the workspace ${workspace} ${when}.\n${users}\n\nRotate it under Connect > Credentials, or with: tidewheel credential rotate ${slug}\n`,
    usefulUntil: new Date(Date.now() + 7 * dayMs),
  };
}

/** Of the scheduler role. @returns stop */
export function startReminders(deps: ReminderDeps): () => Promise<void> {
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const work = async (): Promise<void> => {
    for (await pause(firstAfterMs); !stopping.signal.aborted; await pause(everyMs))
      await remindOfExpiry(deps).catch((error: unknown) => deps.log.warn({ err: error }, 'Ends of credentials could not be announced; trying again.'));
  };
  const done = work();
  return () => {
    stopping.abort();
    return done;
  };
}

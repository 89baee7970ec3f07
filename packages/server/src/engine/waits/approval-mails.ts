// Tells those who can decide that an approval waits for them: each once, by mail. The link leads to a page that asks who they are, so a mail that is
// passed on gives nothing away.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../base/logger.ts';
import type { Databases } from '../../storage/database.ts';
import { runnerOf } from '../worker/runner-of.ts';
import { findUntold, noteTold, type Untold } from './approval-mails.store.ts';
import { findDeciders } from './approvals.store.ts';

type Trx = Parameters<typeof noteTold>[0];

export interface ApprovalMailDeps {
  databases: Databases;
  /** Mail; app/ hands it in. */
  mailer: {
    isConfigured(): Promise<boolean>;
    enqueue(trx: Trx, mail: { purpose: string; to: string; subject: string; text: string; usefulUntil: Date }): Promise<void>;
  };
  /** Where people reach the pages: `https://tidewheel.example.org`. */
  origin(): string;
  log: Logger;
}

const everyMs = 3_000;
const usefulMs = 7 * 86_400_000;
/** Of one approval: a role may have thousands of members. */
const mostMails = 500;

/** Sends what is due. Without a mail server nothing is noted, so that nothing is missed once there is one. @returns how many approvals were told of */
export async function mailApprovals({ databases, mailer, origin }: Omit<ApprovalMailDeps, 'log'>): Promise<number> {
  const untold = await findUntold(databases.engine);
  if (untold.length === 0 || !(await mailer.isConfigured())) return 0;
  let told = 0;
  for (const approval of untold) {
    const sent = await databases.engine.transaction().execute(async (trx) => {
      if (!(await noteTold(trx, approval.id))) return false;
      const { workspace_id: workspaceId, approvers, requesters } = approval;
      const deciders = await findDeciders(runnerOf(trx), { workspaceId, approvers, requesters });
      const people = new Set(deciders.map((one) => one.email));
      for (const to of [...people].slice(0, mostMails)) await mailer.enqueue(trx, { ...mailOf(approval, origin()), to });
      return true;
    });
    if (sent) told += 1;
  }
  return told;
}

// Nothing of the data: mail is read by many machines on its way.
function mailOf({ id, title, flow, number, step, workspace, quorum, until_at }: Untold, origin: string) {
  const lines = [
    `"${oneLine(title)}" waits for your decision.`,
    '',
    `Flow ${flow}, run ${number}, step ${step}.${quorum > 1 ? ` ${quorum} people must approve.` : ''}${until_at ? ` It expires on ${until_at.toISOString().slice(0, 16).replace('T', ' ')} UTC.` : ''}`,
    '',
    'Look at it and decide, signed in to Tidewheel:',
    `${origin}/w/${workspace}/approvals/${id}`,
    '',
    `Or: tidewheel approval show ${id}`,
    '',
    'You get this mail because the flow names you, a role of yours, or somebody who lent you the right.',
    '',
  ];
  return {
    purpose: 'approval.opened',
    subject: `Approval: ${oneLine(title)}`.slice(0, 200),
    text: lines.join('\n'),
    usefulUntil: until_at ?? new Date(Date.now() + usefulMs),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 180);
}

/** Of the scheduler role. @returns stop */
export function startApprovalMails({ log, ...deps }: ApprovalMailDeps): () => Promise<void> {
  const stopping = new AbortController();
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await mailApprovals(deps).catch((error: unknown) => log.warn({ err: error }, 'Approvals could not be announced by mail; trying again.'));
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const done = work();
  return () => {
    stopping.abort();
    return done;
  };
}

// The mail of steps: intents in the outbox, one for each address, known again by run, step and address.
import { createHash } from 'node:crypto';
import { NotAllowed } from '@tidewheel/contract/errors';
import type { StepContext } from '@tidewheel/kit/step-context';
import type { SentMail, StepMail, StepMailContent } from '@tidewheel/kit/step-mail';
import type { MailDeps } from './mail.service.ts';
import { findMailsOf, findWorkspaceSlug, type MailDb } from './mail.store.ts';
import { enqueueMail } from './outbox.ts';

/** Longer a mail that cannot be sent is of no use to who waits for its files. */
const usefulMs = 2 * 86_400_000;

export interface StepMailDeps extends Pick<MailDeps, 'databases' | 'masterKey'> {
  membersOf(workspaceId: string, roles: readonly string[]): Promise<string[]>;
  /** Domains whose addresses steps may mail to; empty: all. */
  domains: readonly string[];
  origin(): string;
}

/** Of one attempt of a step. */
export type MailingAttempt = Pick<StepContext, 'run' | 'step'>;

export function createMailPort(deps: StepMailDeps): { of(attempt: MailingAttempt): StepMail } {
  const db = deps.databases.engine;
  return {
    of: ({ run, step }) => ({
      runLink: async () => `${deps.origin()}/w/${await findWorkspaceSlug(db, run.workspaceId)}/runs/${run.id}`,
      membersOf: (roles) => deps.membersOf(run.workspaceId, roles),
      enqueue: async (content) => {
        for (const address of everybody(content)) requireAllowed(address, deps.domains);
        await db.transaction().execute((trx) => enqueueAll({ ...deps, trx }, { run, step, content }));
      },
      sent: async () => (await findMailsOf(db, { runId: run.id, step })).map(shown),
    }),
  };
}

async function enqueueAll(
  { masterKey, trx }: Pick<MailDeps, 'masterKey'> & { trx: MailDb },
  { run, step, content }: MailingAttempt & { content: StepMailContent },
): Promise<void> {
  const { to, cc, subject, text, files } = content;
  for (const address of everybody(content))
    await enqueueMail({ masterKey }, trx, {
      id: idOf(run.id, step, address),
      group: idOf(run.id, step, ''),
      purpose: 'flow.mail',
      to: address,
      subject,
      text,
      usefulUntil: new Date(Date.now() + usefulMs),
      step: { runId: run.id, step, envelope: { workspaceId: run.workspaceId, to: [...to], cc: [...cc], files: [...files] } },
    });
}

/** Each address once, whatever its capitals. */
function everybody({ to, cc, bcc }: Pick<StepMailContent, 'to' | 'cc' | 'bcc'>): string[] {
  return [...new Map([...to, ...cc, ...bcc].map((address) => [address.toLowerCase(), address])).values()];
}

/** A UUID (version 8) of what makes it the same mail. */
function idOf(runId: string, step: string, address: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([runId, step, address.toLowerCase()]))
    .digest('hex');
  const variant = ((Number.parseInt(hash[16] as string, 16) & 0x3) | 0x8).toString(16);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

function requireAllowed(address: string, domains: readonly string[]): void {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  if (domains.length === 0 || domains.includes(domain)) return;
  throw new NotAllowed('mail.domain', `Steps of this installation may not mail to ${domain}.`, {
    hint: 'An administrator names the domains that may be mailed to (TIDEWHEEL_MAIL_DOMAINS).',
  });
}

function shown(row: Awaited<ReturnType<typeof findMailsOf>>[number]): SentMail {
  const isHeld = row.state === 'waiting' && row.claimed_until !== null;
  const state = isHeld ? (row.is_abandoned ? ('unknown' as const) : ('sending' as const)) : row.state;
  return { to: row.to_address, state, messageId: row.message_id, error: row.error };
}

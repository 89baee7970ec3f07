// Sends one message that is due, and notes what came of it. At least once: who is killed in between leaves a claim that ends, and the message goes out
// again under the same id.
import { type AppError, TooMany, toAppError } from '@tidewheel/contract/errors';
import { redactor } from '../../../base/redactor.ts';
import { readFacts, readStreaks } from '../dispatch/events.store.ts';
import { maySee } from '../dispatch/visible.ts';
import type { NotifyDeps, Reachable } from '../ports.ts';
import { wordMessage } from '../render/message.ts';
import { withSecret } from '../settings/channel-secret.ts';
import { channelsOf, type OpenChannel } from '../settings/effective.ts';
import { findChannels, restChannel } from '../settings/settings.store.ts';
import { type MessageRow, markFailed, markLeftOut, markSent, postpone } from './send.store.ts';

/** After that it is given up, and somebody may send it again by hand: about a day. */
const mostAttempts = 9;
const waits = [10, 30, 120, 600, 1_800, 3_600, 14_400, 28_800];
const usefulMs = 3 * 86_400_000;
const patienceMs = 20_000;

/** Longer than any attempt can take. */
export const claimSeconds = 60;

export async function sendClaimed(deps: NotifyDeps, row: MessageRow, ending: AbortSignal): Promise<void> {
  try {
    await attempt(deps, row, ending);
  } catch (thrown) {
    await noteFailure(deps, row, toAppError(thrown));
  }
}

async function attempt(deps: NotifyDeps, row: MessageRow, ending: AbortSignal): Promise<void> {
  const db = deps.databases.engine;
  const { workspace_id: workspaceId } = row;
  const open = channelsOf(deps.channels, await findChannels(db, workspaceId)).find(({ slug }) => slug === row.channel);
  if (!open) return markLeftOut(db, row, 'the channel was removed');
  if (!open.enabled) return markLeftOut(db, row, 'the channel is switched off');
  const [facts] = await readFacts(db, { workspaceId, ids: [row.event_id] });
  if (!facts) return markLeftOut(db, row, 'the event is not kept any more');
  const somebody = row.user_id === null ? null : ((await deps.reachable(workspaceId, [row.user_id])).get(row.user_id) ?? null);
  // It may have waited for hours: who left, or may not see the flow any more, is not told of it.
  if (row.user_id !== null && !somebody) return markLeftOut(db, row, 'the recipient is no member any more');
  if (somebody && !maySee(somebody, facts)) return markLeftOut(db, row, 'the recipient may not see the flow any more');
  const known = await withStreak(deps, facts);
  const { message, fault } = await wordMessage(deps, { row, facts: known, somebody });
  if (fault !== null) deps.log.warn({ message: row.id, fault }, 'a notification was sent in other words');
  if (open.channel.via === 'mail') return mail(deps, row, { somebody, message });
  await call(deps, row, { open, somebody, message, ending });
}

async function withStreak({ databases }: NotifyDeps, facts: Parameters<typeof wordMessage>[1]['facts']) {
  const flow = facts.flow?.id;
  if (flow === undefined || facts.kind !== 'run.failed') return facts;
  const streaks = await databases.engine.transaction().execute((trx) => readStreaks(trx, { workspaceId: facts.workspaceId, flows: [flow] }));
  return { ...facts, failuresInARow: streaks.get(flow) ?? 1 };
}

/** Into the outbox and off the list in one transaction: from there it goes out at least once, under its one Message-ID. */
async function mail(
  { databases, mailer }: NotifyDeps,
  row: MessageRow,
  { somebody, message }: { somebody: Reachable | null; message: Awaited<ReturnType<typeof wordMessage>>['message'] },
): Promise<void> {
  await databases.engine.transaction().execute(async (trx) => {
    await mailer.enqueue(trx, {
      id: row.id,
      purpose: message.kind,
      to: somebody?.email ?? row.address ?? '',
      subject: message.subject,
      text: message.text,
      html: message.html,
      usefulUntil: new Date(Date.now() + usefulMs),
    });
    await markSent(trx, row, { state: 'handed', answer: null });
  });
}

async function call(
  deps: NotifyDeps,
  row: MessageRow,
  {
    open,
    somebody,
    message,
    ending,
  }: { open: OpenChannel; somebody: Reachable | null; message: Awaited<ReturnType<typeof wordMessage>>['message']; ending: AbortSignal },
): Promise<void> {
  const { channel, config } = open;
  if (channel.via !== 'call') return markLeftOut(deps.databases.engine, row, 'the channel sends nothing');
  const email = somebody?.email ?? row.address;
  const to = email === null ? null : { email, name: somebody?.name ?? null };
  const signal = AbortSignal.any([ending, AbortSignal.timeout(patienceMs)]);
  const { answer } = await withSecret(deps.vault, open, (secret) => channel.send(message, { config, secret, to, signal, now: new Date() }));
  await markSent(deps.databases.engine, row, { state: 'sent', answer: redactor.text(answer).slice(0, 500) });
}

async function noteFailure({ databases, log }: NotifyDeps, row: MessageRow, error: AppError): Promise<void> {
  const db = databases.engine;
  const said = error.message.slice(0, 1_000);
  log.warn({ message: row.id, channel: row.channel, attempt: row.attempts, code: error.code }, `notification not sent: ${said}`);
  const isOld = row.created_at.getTime() + usefulMs < Date.now();
  if (error instanceof TooMany && !isOld) {
    const seconds = Number(error.details?.['retryAfterSeconds'] ?? 30);
    await restChannel(db, { workspaceId: row.workspace_id, slug: row.channel, seconds });
    return postpone(db, row, { error: said, seconds, counts: false });
  }
  const isWorthIt = error.retryable || error.status >= 500 || error.code === 'mail.not_configured';
  if (!isWorthIt || isOld || row.attempts >= mostAttempts) return markFailed(db, row, said);
  return postpone(db, row, { error: said, seconds: waitAfter(row.attempts), counts: true });
}

/** Seconds before the attempt that follows the `attempts`-th. */
function waitAfter(attempts: number): number {
  return waits[Math.min(attempts, waits.length) - 1] ?? 28_800;
}

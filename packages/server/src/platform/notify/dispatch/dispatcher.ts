// Turns events into messages: one for each event, recipient and channel, in the transaction that takes the event off the list of what waits. So each
// event is turned exactly once, whatever happens to this process.
import type { RuleMatch } from '@tidewheel/contract/notify';
import { newId } from '../../../base/ids.ts';
import { storable } from '../../../base/text.ts';
import type { NotifyDeps } from '../ports.ts';
import { loadSettings, type Settings } from '../settings/effective.ts';
import type { Trx } from '../trx.ts';
import { type Candidate, candidatesOf, type RuleHit } from './candidates.ts';
import { findPendingWorkspaces, lockDispatch, readFacts, readStreaks, readUsual, saveStreaks, takePending } from './events.store.ts';
import { type EventFacts, escalated } from './facts.ts';
import { isSeveral, placeOf, shelve } from './fold.ts';
import { matches } from './match.ts';
import { insertMessages, type NewMessage, noteFolded, readShelves, slotKey, tellInboxes } from './messages.store.ts';
import { Roster } from './recipients.ts';

/** In one transaction. */
const mostTogether = 500;

/** Turns what waits now. What cannot be turned in one workspace waits there, and holds up no other. */
export async function dispatchAll(deps: NotifyDeps, isStopping: () => boolean = () => false): Promise<void> {
  for (const workspaceId of await findPendingWorkspaces(deps.databases.engine))
    await dispatchOf(deps, { workspaceId, isStopping }).catch((error: unknown) =>
      deps.log.warn({ err: error, workspace: workspaceId }, 'notification events could not be turned into messages; trying again'),
    );
}

async function dispatchOf(deps: NotifyDeps, { workspaceId, isStopping }: { workspaceId: string; isStopping: () => boolean }): Promise<void> {
  for (let some = mostTogether; some === mostTogether && !isStopping(); )
    some = await deps.databases.engine.transaction().execute((trx) => dispatch(deps, trx, workspaceId));
}

async function dispatch(deps: NotifyDeps, trx: Trx, workspaceId: string): Promise<number> {
  if (!(await lockDispatch(trx))) return 0;
  const ids = await takePending(trx, { workspaceId, limit: mostTogether });
  if (ids.length === 0) return 0;
  const settings = await loadSettings(trx, { workspaceId, types: deps.channels });
  const rules = settings.rules.filter(({ content }) => content.enabled);
  const events = await withPast(trx, { workspaceId, events: await readFacts(trx, { workspaceId, ids }), matches: rules.map(({ content }) => content.match) });
  const hits = events.flatMap((facts) => rules.filter(({ content }) => matches(content.match, facts)).map((rule): RuleHit => ({ facts, ...rule })));
  if (hits.length > 0) await tell(deps, trx, { workspaceId, settings, hits });
  return ids.length;
}

/** With what the past of each flow says; how it stands now is kept for the next time. */
async function withPast(
  trx: Trx,
  { workspaceId, events, matches: all }: { workspaceId: string; events: EventFacts[]; matches: RuleMatch[] },
): Promise<EventFacts[]> {
  const flows = [...new Set(events.flatMap(({ flow, kind }) => (flow && kind.startsWith('run.') ? [flow.id] : [])))];
  const streaks = await readStreaks(trx, { workspaceId, flows });
  const before = new Map(streaks);
  const wantsUsual = flows.length > 0 && all.some(({ durationTimesUsual }) => durationTimesUsual !== undefined);
  const usual = wantsUsual ? await readUsual(trx, { workspaceId, flows }) : new Map<string, number>();
  const known = events.map((facts) => {
    const flow = facts.flow?.id;
    if (flow === undefined || !facts.kind.startsWith('run.')) return facts;
    if (facts.kind === 'run.succeeded') streaks.set(flow, 0);
    if (facts.kind === 'run.failed') streaks.set(flow, (streaks.get(flow) ?? 0) + 1);
    return escalated({ ...facts, failuresInARow: streaks.get(flow) ?? 0, usualSeconds: usual.get(flow) ?? null });
  });
  const changed = [...streaks].filter(([flow, failures]) => failures !== (before.get(flow) ?? 0));
  await saveStreaks(trx, { workspaceId, streaks: new Map(changed) });
  return known;
}

async function tell(deps: NotifyDeps, trx: Trx, { workspaceId, settings, hits }: { workspaceId: string; settings: Settings; hits: RuleHit[] }): Promise<void> {
  const meant = hits.map(({ facts, slug, content }) => ({ facts, slug, to: content.to }));
  const roster = await Roster.load(trx, { workspaceId, hits: meant, teams: settings.teams });
  const reachable = roster.ids.length === 0 ? new Map() : await deps.reachable(workspaceId, roster.ids);
  const now = new Date();
  const candidates = candidatesOf(hits, { settings, roster, reachable, hasMail: await deps.mailer.isConfigured(), now });
  if (candidates.length === 0) return;
  const slots = new Map(candidates.filter(({ due }) => due !== null).map((one) => [slotKey(one), { recipient: one.recipient, channel: one.channel }]));
  const shelves = await readShelves(trx, { workspaceId, slots: [...slots.values()] });
  const folded = new Map<string, number>();
  const messages = candidates.map((candidate): NewMessage => {
    const shelf = shelves.get(slotKey(candidate));
    if (candidate.due === null || !shelf) return messageOf(workspaceId, candidate, { state: 'left_out' });
    const isInbox = candidate.via === 'inbox';
    const { groupMinutes, perHour } = candidate.hit.content;
    const place = placeOf(shelf, { due: candidate.due, alike: alikeOf(candidate), groupMinutes, perHour, isDigest: candidate.isDigest, isInbox }, now);
    if ('into' in place) {
      folded.set(place.into.id, (folded.get(place.into.id) ?? 0) + 1);
      return messageOf(workspaceId, candidate, { state: 'folded', part_of: place.into.id, reason: 'part of another message' });
    }
    const several = isSeveral(place.alike) ? { template: 'several' } : {};
    const made = messageOf(workspaceId, candidate, {
      // What is kept in the pages is worded by the same round.
      state: 'waiting',
      due_at: place.due,
      ...several,
      alike: place.alike,
      alike_until: place.alikeUntil,
      reason: place.reason ?? candidate.reason,
    });
    shelve(shelf, { id: made.id, place, isInbox });
    return made;
  });
  await insertMessages(trx, messages);
  await noteFolded(trx, { workspaceId, folded });
  // Into one that he has already: its own words come with the round, and the pages are told then.
  const added = candidates.flatMap(({ via, userId, due }) => (via === 'inbox' && userId !== null && due !== null ? [userId] : []));
  if (folded.size > 0) await tellInboxes(trx, { workspaceId, users: [...new Set(added)] });
}

function alikeOf({ hit: { facts, slug } }: Candidate): string {
  return `${slug} ${facts.kind} ${facts.flow?.id ?? facts.title}`;
}

function messageOf(workspaceId: string, candidate: Candidate, state: Pick<NewMessage, 'state'> & Partial<NewMessage>): NewMessage {
  const { facts, slug } = candidate.hit;
  return {
    workspace_id: workspaceId,
    id: newId(),
    event_id: facts.id,
    rule: slug,
    channel: candidate.channel,
    via: candidate.via,
    recipient: candidate.recipient,
    user_id: candidate.userId,
    address: candidate.address,
    template: candidate.template,
    kind: facts.kind,
    severity: candidate.severity,
    title: storable(facts.title),
    text: storable(facts.text ?? '').slice(0, 1_000),
    flow_id: facts.flow?.id ?? null,
    alike: alikeOf(candidate),
    alike_until: null,
    reason: candidate.reason,
    because: candidate.because,
    due_at: null,
    ...state,
  };
}

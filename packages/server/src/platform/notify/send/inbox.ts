// Puts what is kept in the pages behind the bell, in the words of its template: many in one transaction, since nobody has to be asked.
import { storable } from '../../../base/text.ts';
import { readFacts, readStreaks } from '../dispatch/events.store.ts';
import type { EventFacts } from '../dispatch/facts.ts';
import { tellInboxes } from '../dispatch/messages.store.ts';
import type { NotifyDeps, Reachable } from '../ports.ts';
import { wordInApp } from '../render/message.ts';
import { templatesOf } from '../settings/effective.ts';
import { findCurrentTemplates } from '../settings/settings.store.ts';
import type { Trx } from '../trx.ts';
import { saveWords, takeUnworded, type Worded } from './inbox.store.ts';
import { findWorkspace, type MessageRow } from './send.store.ts';

const mostTogether = 200;

/** @returns once nothing waits any more */
export async function fillInboxes(deps: NotifyDeps, isStopping: () => boolean): Promise<void> {
  while (!isStopping() && (await deps.databases.engine.transaction().execute((trx) => fillSome(deps, trx))) > 0);
}

async function fillSome(deps: NotifyDeps, trx: Trx): Promise<number> {
  const rows = await takeUnworded(trx, mostTogether);
  const [first] = rows;
  if (!first) return 0;
  const { workspace_id: workspaceId } = first;
  const workspace = await findWorkspace(trx, workspaceId);
  const templates = templatesOf(await findCurrentTemplates(trx, workspaceId));
  const facts = await factsOf(trx, { workspaceId, rows });
  const users = [...new Set(rows.flatMap(({ user_id }) => user_id ?? []))];
  const reachable = await deps.reachable(workspaceId, users);
  const broken = new Set<string>();
  const worded: Worded[] = [];
  for (const row of rows) worded.push(await wordsOf(row));
  await saveWords(trx, { workspaceId, worded });
  await tellInboxes(trx, { workspaceId, users });
  return rows.length;

  async function wordsOf(row: MessageRow): Promise<Worded> {
    const somebody: Reachable | null = row.user_id === null ? null : (reachable.get(row.user_id) ?? null);
    const own = { id: row.id, title: null, text: null };
    if (!somebody) return { ...own, leftOut: 'the recipient is no member any more' };
    const [about, content] = [facts.get(row.event_id), templates.get(row.template)];
    // One that hangs once would hang for each recipient.
    if (!about || !content || broken.has(row.template)) return { ...own, leftOut: null };
    const answer = await wordInApp(deps, { content, row, facts: about, somebody, workspace });
    if ('words' in answer) return { id: row.id, title: storable(answer.words.inAppTitle), text: storable(answer.words.inAppText), leftOut: null };
    broken.add(row.template);
    deps.log.warn({ message: row.id, fault: answer.fault }, `the template ${row.template} cannot be filled; notifications are shown as their events say it`);
    return { ...own, leftOut: null };
  }
}

async function factsOf(trx: Trx, { workspaceId, rows }: { workspaceId: string; rows: MessageRow[] }): Promise<Map<string, EventFacts>> {
  const events = await readFacts(trx, { workspaceId, ids: [...new Set(rows.map(({ event_id }) => event_id))] });
  const flows = [...new Set(events.flatMap(({ flow, kind }) => (flow && kind === 'run.failed' ? [flow.id] : [])))];
  const streaks = await readStreaks(trx, { workspaceId, flows });
  return new Map(events.map((one) => [one.id, { ...one, failuresInARow: one.kind === 'run.failed' ? (streaks.get(one.flow?.id ?? '') ?? 1) : 0 }]));
}

// The only SQL of turning events into messages, on the side of the messages.
import { type Insertable, sql } from 'kysely';
import { inboxChannel } from '../../../storage/notification-record.ts';
import type { NotificationMessageTable } from '../../../storage/notify-tables.ts';
import type { Trx } from '../trx.ts';
import type { Leader, Shelf } from './fold.ts';

interface Slot {
  recipient: string;
  channel: string;
}
export const slotKey = ({ recipient, channel }: Slot) => `${channel}\n${recipient}`;

/**
 * What is open for each recipient and channel, and how many went in the last hour. The open ones stay locked until the transaction ends: no sender
 * takes one while others are folded into it.
 */
export async function readShelves(trx: Trx, { workspaceId, slots }: { workspaceId: string; slots: readonly Slot[] }): Promise<Map<string, Shelf>> {
  const [recipients, channels] = [slots.map(({ recipient }) => recipient), slots.map(({ channel }) => channel)];
  const leaders = await sql<Slot & { id: string; alike: string; alike_until: Date; state: string }>`
    select m.id, m.recipient, m.channel, m.alike, m.alike_until, m.state from notification_message m
    where m.workspace_id = ${workspaceId} and (m.recipient, m.channel) in (select * from unnest(${recipients}::text[], ${channels}::text[]))
      and m.alike_until is not null and (m.alike_until > now() or m.state in ('waiting', 'unknown')) and m.state not in ('folded', 'left_out', 'failed')
    order by m.id for update`.execute(trx);
  const counts = await sql<Slot & { sent: number }>`
    select m.recipient, m.channel, count(*)::int as sent from notification_message m
    where m.workspace_id = ${workspaceId} and (m.recipient, m.channel) in (select * from unnest(${recipients}::text[], ${channels}::text[]))
      and m.state in ('waiting', 'sending', 'handed', 'sent', 'unknown') and m.created_at > now() - interval '1 hour'
    group by m.recipient, m.channel`.execute(trx);
  const shelves = new Map<string, Shelf>(slots.map((slot) => [slotKey(slot), { leaders: new Map<string, Leader>(), sentInHour: 0 }]));
  // The newest of what is alike comes last.
  for (const row of leaders.rows) {
    const leader: Leader = { id: row.id, alike: row.alike, alikeUntil: row.alike_until, isOpen: row.state === 'waiting' };
    shelves.get(slotKey(row))?.leaders.set(row.alike, leader);
  }
  for (const row of counts.rows) {
    const shelf = shelves.get(slotKey(row));
    if (shelf) shelf.sentInHour = row.sent;
  }
  return shelves;
}

export type NewMessage = Insertable<NotificationMessageTable>;
const mostTogether = 1_000;

export async function insertMessages(trx: Trx, messages: readonly NewMessage[]): Promise<void> {
  for (let at = 0; at < messages.length; at += mostTogether) {
    const some = messages.slice(at, at + mostTogether);
    await trx
      .insertInto('notification_message')
      .values(some)
      .onConflict((conflict) => conflict.columns(['workspace_id', 'event_id', 'channel', 'recipient']).doNothing())
      .execute();
  }
}

/** So many were folded into each. In the pages it is unread again. */
export async function noteFolded(trx: Trx, { workspaceId, folded }: { workspaceId: string; folded: ReadonlyMap<string, number> }): Promise<void> {
  if (folded.size === 0) return;
  await sql`update notification_message m set more = m.more + f.more, read_at = null
    from unnest(${[...folded.keys()]}::uuid[], ${[...folded.values()]}::int[]) as f(id, more)
    where m.workspace_id = ${workspaceId} and m.id = f.id`.execute(trx);
}

/** Postgres takes 8,000 bytes in one notification. */
const mostUsers = 180;

export async function tellInboxes(trx: Trx, { workspaceId, users }: { workspaceId: string; users: readonly string[] }): Promise<void> {
  for (let at = 0; at < users.length; at += mostUsers)
    await sql`select pg_notify(${inboxChannel}, ${JSON.stringify({ w: workspaceId, u: users.slice(at, at + mostUsers) })})`.execute(trx);
}

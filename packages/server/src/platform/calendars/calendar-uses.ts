// Who uses a calendar. What is made of others is known here; flows, schedules and triggers are told of by their own layers, which app/ hands in.
import { Conflict } from '@tidewheel/contract/errors';
import type { CalendarUsage } from '@tidewheel/contract/routes/calendars';
import { type Actor, may } from '../../base/actor.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { findDefinitions } from './calendars.store.ts';
import { calendarsIn } from './load-calendars.ts';

/** Finds what names a calendar now, in the transaction that may archive it: what the actor may see, and how much more there is. */
export type CalendarUses = (trx: WorkspaceTransaction, actor: Actor, slug: string) => Promise<CalendarUsage>;

export const calendarsOfCalendar: CalendarUses = async (trx, actor, slug) => {
  const users = (await findDefinitions(trx)).filter(({ definition }) => calendarsIn(definition).includes(slug));
  if (!may(actor, 'calendar.read')) return { uses: [], hidden: users.length };
  return { uses: users.map((user) => ({ kind: 'calendar', slug: user.slug, title: user.title })), hidden: 0 };
};

export interface UsesAsked {
  actor: Actor;
  slug: string;
  finders: readonly CalendarUses[];
}

export async function findUses(trx: WorkspaceTransaction, { actor, slug, finders }: UsesAsked): Promise<CalendarUsage> {
  const all: CalendarUsage = { uses: [], hidden: 0 };
  for (const find of [calendarsOfCalendar, ...finders]) {
    const { uses, hidden } = await find(trx, actor, slug);
    all.uses.push(...uses);
    all.hidden += hidden;
  }
  return all;
}

/** @throws Conflict `calendar.in_use` naming what uses it */
export async function refuseInUse(trx: WorkspaceTransaction, asked: UsesAsked): Promise<void> {
  const { uses, hidden } = await findUses(trx, asked);
  if (uses.length + hidden === 0) return;
  const shown = uses.slice(0, 10).map(({ kind, slug }) => `${kind} ${slug}`);
  const more = uses.length - shown.length + hidden;
  const list = [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  throw new Conflict('calendar.in_use', `The calendar "${asked.slug}" is used by ${list}.`, {
    hint: 'Let them use another calendar first.',
    details: { uses, hidden },
  });
}

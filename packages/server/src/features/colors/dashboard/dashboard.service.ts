// What the desk kept, in figures.
import type { ColorDashboard } from '@tidewheel/contract/routes/color-dashboard';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { dateInZone } from '../../../base/clock.ts';
import { type Databases, inWorkspace } from '../../../storage/database.ts';
import { deskTimeZone } from '../desk-day.store.ts';
import { type Days, doneOn, lastMonths, lastTimes, pricesByDay, sumsBy, volumes, waitingRows } from './dashboard.store.ts';

export interface DashboardDeps {
  databases: Databases;
}

export function showDashboard({ databases }: DashboardDeps, actor: Actor, { days }: { days: number }): Promise<ColorDashboard> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const timeZone = await deskTimeZone(trx);
    const range = lastDays(days, dateInZone(new Date(), timeZone));
    const byBias = await sumsBy(trx, 'bias', range);
    const times = await lastTimes(trx);
    return {
      today: { day: range.to, timeZone, ...(await doneOn(trx, range.to)), waiting: await waitingRows(trx) },
      ...range,
      colors: byBias.reduce((sum, { colors }) => sum + colors, 0),
      byBias,
      bySource: await sumsBy(trx, 'source', range),
      bySector: await sumsBy(trx, 'sector', range),
      volume: await volumes(trx, range),
      prices: await pricesByDay(trx, range),
      months: await lastMonths(trx, range.to),
      times: times.map(({ at, ...time }) => ({ ...time, at: at.toISOString() })),
    };
  });
}

function lastDays(days: number, today: string): Days {
  const from = new Date(`${today}T00:00:00Z`);
  from.setUTCDate(from.getUTCDate() - days + 1);
  return { from: from.toISOString().slice(0, 10), to: today };
}

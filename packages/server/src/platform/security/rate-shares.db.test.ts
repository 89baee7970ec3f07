// Several processes of one installation, as far as a rate can tell: each has its own shares and buckets, all have one Postgres.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { type RateShares, startRateShares } from './rate-shares.ts';

const log = pino({ level: 'silent' });
let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

const rate = { perSecond: 100, burst: 100 };
/** A process that is asked `perSecond` times for each key. */
function startProcess(asked: Record<string, number>): { shares: RateShares; asked: Record<string, number> } {
  const shares = startRateShares({ databases: fresh.databases, log });
  const process = { shares, asked };
  shares.countBy((least) => new Map(Object.entries(process.asked).filter(([, times]) => times > 0 && times >= least(rate))));
  return process;
}

describe('shares of a rate', () => {
  it('are whole for one process, even for two, and follow what is asked of whom', async () => {
    const one = startProcess({ busy: 300, even: 50 });
    await sleep(1_500);
    expect(one.shares.of('busy')).toBe(1);
    const two = startProcess({ busy: 100, even: 50 });
    await expect.poll(() => [one.shares.of('unknown'), two.shares.of('unknown')]).toEqual([0.5, 0.5]);
    await expect.poll(() => Math.round(one.shares.of('busy') * 100)).toBeGreaterThan(65);
    await expect.poll(() => Math.round(one.shares.of('even') * 100)).toBeLessThan(60);
    // Together they hold the rate: never more than a little over the whole.
    await expect.poll(() => one.shares.of('busy') + two.shares.of('busy')).toBeLessThan(1.15);
    await two.shares.stop();
    await expect.poll(() => one.shares.of('busy')).toBe(1);
    await one.shares.stop();
  });

  it('stay as they were while Postgres is away', async () => {
    const one = startProcess({});
    const two = startProcess({});
    await expect.poll(() => one.shares.of('x')).toBe(0.5);
    const owner = new pg.Client({ connectionString: fresh.address.ownerUrl });
    await owner.connect();
    await owner.query('alter table rate_process rename to rate_process_away');
    await sleep(2_500);
    expect([one.shares.of('x'), two.shares.of('x')]).toEqual([0.5, 0.5]);
    await owner.query('alter table rate_process_away rename to rate_process');
    await owner.end();
    await Promise.all([one.shares.stop(), two.shares.stop()]);
  });
});

// Workers are killed at random (and one is stopped and woken as a zombie) while runs go on: nothing may be lost or done twice.
import { expect, test } from 'vitest';
import { runCrashCampaign } from '../../testing/crash-campaign.ts';

const full = process.env['TIDEWHEEL_FULL'] === '1';

test('runs survive workers that die at any instant', { timeout: full ? 1_800_000 : 180_000 }, async () => {
  const seed = Number(process.env['TIDEWHEEL_SEED'] ?? Date.now() % 1_000_000);
  console.log(`crash campaign seed=${seed}`);
  const outcome = await runCrashCampaign({ runs: full ? 500 : 60, kills: full ? 120 : 15, workers: 3, seed, say: () => {} });
  expect(outcome).toMatchObject({ lost: 0, repeated: 0, findings: [] });
  expect(outcome.resumeMs ?? 0).toBeLessThan(5_000);
});

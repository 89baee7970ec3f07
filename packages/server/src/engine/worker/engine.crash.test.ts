// Random flows run while workers, the API, the scheduler and Postgres are killed, stopped and cut off: they come out as the reference says, and nothing is lost or done twice.
import { expect, test } from 'vitest';
import { runCrashCampaign } from '../../testing/crash-campaign.ts';

const full = process.env['TIDEWHEEL_FULL'] === '1';

test('runs survive whatever dies at any instant', { timeout: full ? 2_400_000 : 400_000 }, async () => {
  const seed = Number(process.env['TIDEWHEEL_SEED'] ?? Date.now() % 1_000_000);
  console.log(`crash campaign seed=${seed}`);
  const outcome = await runCrashCampaign({ runs: full ? 500 : 60, kills: full ? 120 : 15, seed, withinMs: 90_000, say: () => {} });
  expect(outcome).toMatchObject({ lost: 0, repeated: 0, diverged: 0, findings: [] });
});

// A rolling restart under load: nothing is lost, nothing is done twice, and not even a step is cut off.
import { expect, test } from 'vitest';
import { restartOneAfterAnother } from '../../testing/rolling-restart.ts';

const full = process.env['TIDEWHEEL_FULL'] === '1';

test('workers restarted one after another, drained first or not, lose and repeat nothing', { timeout: full ? 900_000 : 240_000 }, async () => {
  const outcome = await restartOneAfterAnother({ workers: 3, rounds: full ? 10 : 2, runsPerRestart: full ? 40 : 15 });
  console.log(`rolling restart runs=${outcome.runs} restarts=${outcome.restarts} lost=${outcome.lost} repeated=${outcome.repeated} cut=${outcome.cut}`);
  expect(outcome).toMatchObject({ lost: 0, repeated: 0, cut: 0, findings: [] });
});

// npm run bench schedules [-- --json]: ten thousand active schedules, fired over a minute and all at once, beside raw inserts of the same rows in the same run.

import { openEngineSite } from '../packages/server/src/testing/engine-site.ts';
import { report } from './report.ts';
import { allAtOnce } from './schedules/all-at-once.ts';
import { overMinutes } from './schedules/over-minutes.ts';

const site = await openEngineSite();
try {
  report({ bench: 'schedules', results: [...(await overMinutes(site)), ...(await allAtOnce(site))] });
} finally {
  await site.close();
}

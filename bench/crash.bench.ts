// npm run crash: kills workers at random 50 times during 200 runs. Flags: --runs N --kills N --seed N --json.
import { parseArgs } from 'node:util';
import { runCrashCampaign } from '../packages/server/src/testing/crash-campaign.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    kills: { type: 'string', default: '50' },
    workers: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
});
const say = (text: string) => void process.stderr.write(`${text}\n`);
say(`seed=${values.seed}`);
const outcome = await runCrashCampaign({
  runs: Number(values.runs),
  kills: Number(values.kills),
  workers: Number(values.workers),
  seed: Number(values.seed),
  say,
});
for (const finding of outcome.findings) say(finding);
const { runs, kills, lost, repeated } = outcome;
console.log(values.json ? JSON.stringify(outcome) : `runs=${runs} kills=${kills} lost=${lost} repeated=${repeated}`);
process.exitCode = lost + repeated + outcome.findings.length > 0 ? 1 : 0;

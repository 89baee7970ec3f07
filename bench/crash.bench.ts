// npm run crash: random flows while their engine is killed, held against the reference interpreter. Flags: --runs N --kills N --seed N --within SECONDS --json.
import { parseArgs } from 'node:util';
import { runCrashCampaign } from '../packages/server/src/testing/crash-campaign.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    within: { type: 'string', default: '90' },
    json: { type: 'boolean', default: false },
  },
});
const say = (text: string) => void process.stderr.write(`${text}\n`);
say(`seed=${values.seed}`);
const { runs: many, kills: often, within } = values;
const outcome = await runCrashCampaign({
  runs: Number(many),
  kills: Number(often),
  repeats: true,
  seed: Number(values.seed),
  withinMs: Number(within) * 1_000,
  say,
});
for (const finding of outcome.findings) say(finding);
const { seed, runs, kills, lost, repeated, diverged } = outcome;
console.log(values.json ? JSON.stringify(outcome) : `runs=${runs} kills=${kills} lost=${lost} repeated=${repeated} diverged=${diverged} seed=${seed}`);
process.exitCode = lost + repeated + diverged > 0 ? 1 : 0;

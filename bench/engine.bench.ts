// npm run bench engine [-- --only chains,starts --json]: what the engine does, each figure beside its limit or its peer in the same run.
import { parseArgs } from 'node:util';
import { type EngineSite, openEngineSite } from '../packages/server/src/testing/engine-site.ts';
import { chains } from './engine/chains.ts';
import { cost } from './engine/cost.ts';
import { fanOuts } from './engine/fan-outs.ts';
import { finished } from './engine/finished.ts';
import { processes } from './engine/processes.ts';
import { resume } from './engine/resume.ts';
import { slotKeys } from './engine/slots.ts';
import { latency, webhooks } from './engine/starts.ts';
import { waiting } from './engine/waiting.ts';
import { type BenchResult, report } from './report.ts';

const parts: Record<string, (site: EngineSite) => Promise<BenchResult[]>> = {
  chains,
  'fan-outs': fanOuts,
  latency,
  webhooks,
  cost,
  resume,
  processes,
  slots: slotKeys,
  waiting,
  finished,
};

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean' } } });
const chosen = values.only?.split(',') ?? Object.keys(parts);
const unknown = chosen.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

const results: BenchResult[] = [];
for (const name of chosen) {
  const began = performance.now();
  results.push(...(await onSiteOfItsOwn(name)));
  process.stderr.write(`${name}: ${((performance.now() - began) / 1_000).toFixed(0)} s\n`);
}
report({ bench: 'engine', results });

/** So that no part works in what another left. */
async function onSiteOfItsOwn(name: string): Promise<BenchResult[]> {
  const site = await openEngineSite();
  try {
    return (await parts[name]?.(site)) ?? [];
  } finally {
    await site.close();
  }
}

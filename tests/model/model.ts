// npm run model: checks the protocol in every scenario, then that taking a guard away is found out. --faults 2: no more than that many; --trace: how each guard fails.
import { parseArgs } from 'node:util';
import { controls } from './controls.ts';
import { explore } from './explorer.ts';
import { guards } from './guards.ts';
import { invariants, protocol, scenarios } from './protocol.ts';

const { values } = parseArgs({ options: { faults: { type: 'string' }, only: { type: 'string' }, trace: { type: 'boolean', default: false } } });
const mostFaults = values.faults === undefined ? null : Number(values.faults);
let faults = 0;

const many = mostFaults === null ? 'any number of' : `at most ${mostFaults} of`;
console.log(`Two workers, three steps, a supervisor; ${many} kills, stops, wakings, lost connections and locks, at any moment.\n`);
for (const [key, scenario] of Object.entries(scenarios)) {
  if (values.only && values.only !== key) continue;
  const began = performance.now();
  const { states, moves, finding } = explore(protocol(scenario, { mostFaults }));
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  console.log(`${finding ? '✗' : '✓'} ${scenario.name}: ${states} states, ${moves} moves, ${seconds} s`);
  if (finding) print(finding);
  if (finding) faults++;
}
console.log(`\nIn every one of these states:\n${invariants.map((invariant) => `  ${invariant}`).join('\n')}\n`);
console.log('Taken away, one guard at a time:');
for (const { guard, scenario } of controls) {
  if (values.only) continue;
  const { finding } = explore(protocol(scenarios[scenario], { without: [guard], mostFaults }));
  console.log(
    `${finding ? '✓' : '✗'} ${guards[guard]}\n    ${finding ? `${finding.what}, after ${finding.trace.length} moves` : 'nothing was found: this check proves nothing'}`,
  );
  if (finding && values.trace) print(finding);
  if (!finding) faults++;
}
process.exitCode = faults > 0 ? 1 : 0;

function print({ what, trace }: { what: string; trace: string[] }): void {
  console.log(`  ${what}:\n${trace.map((step, at) => `    ${String(at + 1).padStart(2)}. ${step}`).join('\n')}`);
}

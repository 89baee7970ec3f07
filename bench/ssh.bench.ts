// npm run bench ssh: `uptime` on 50 hosts by the step, by a flow, by a script on bare ssh2 and by Ansible, in turns so that a busy machine slows all of them.

import { allowEgress } from '../packages/kit/src/egress/egress.ts';
import { closeIdleConnections } from '../packages/steps/src/ssh/ssh-pool.ts';
import { type BenchResult, report } from './report.ts';
import { ansibleMissing, openAnsible } from './ssh/ansible.ts';
import { bareKept, bareNew } from './ssh/bare.ts';
import { openFlow } from './ssh/flow.ts';
import { startHosts } from './ssh/many-sshd.ts';
import { stepRound } from './ssh/steps.ts';

const count = 50;
const rounds = Number(process.env.BENCH_ROUNDS ?? 9);
allowEgress(['127.0.0.1']);

type Round = () => Promise<void>;

async function timed(round: Round): Promise<number> {
  const began = performance.now();
  await round();
  return performance.now() - began;
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

/** Each once to warm up, then in turns. @returns the median of each, in milliseconds */
async function inTurns(all: Round[], times = rounds): Promise<number[]> {
  for (const round of all) await round();
  const took = all.map(() => [] as number[]);
  for (let turn = 0; turn < times; turn++) for (const [at, round] of all.entries()) took[at]?.push(await timed(round));
  return took.map(median);
}

const result = (name: string, value: number, limit: number, goal: number): BenchResult => ({
  name,
  value,
  unit: 'ms',
  limit,
  ratio: value / limit,
  goal,
  met: value / limit <= goal,
});

await using hosts = await startHosts(count);
const results: BenchResult[] = [];

const [ownNew = 0, theirsNew = 0] = await inTurns([
  async () => {
    closeIdleConnections();
    await stepRound(hosts);
    closeIdleConnections();
  },
  () => bareNew(hosts),
]);
results.push(result(`uptime on ${count} hosts, new connections, of bare ssh2`, ownNew, theirsNew, 1.3));

{
  await using bare = await bareKept(hosts);
  const [own = 0, theirs = 0] = await inTurns([() => stepRound(hosts), bare.round], rounds * 3);
  results.push(result(`uptime on ${count} hosts, kept connections, of bare ssh2`, own, theirs, 1.3));
}

{
  await using flow = await openFlow(hosts);
  const [step = 0, whole = 0] = await inTurns([() => stepRound(hosts), flow.round]);
  results.push({ ...result(`a flow with an item for each of ${count} hosts, of the steps alone`, whole, step, 0), goal: null, met: null });
  if (ansibleMissing !== undefined) console.error(`${ansibleMissing}: its lines are left out.`);
  else {
    // Not in turns: a round of it takes longer than our connections are kept, and its own stay.
    const [theirs = 0] = await inTurns([(await openAnsible(hosts)).round], 3);
    results.push(result(`uptime on ${count} hosts, kept connections, of Ansible`, step, theirs, 1 / 3));
    results.push(result(`a flow with an item for each of ${count} hosts, of Ansible`, whole, theirs, 1 / 3));
  }
}
closeIdleConnections();
report({ bench: 'ssh', results });

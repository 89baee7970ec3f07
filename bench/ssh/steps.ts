// The step `ssh.run` on all hosts at once, as a worker performs it.
import type { OpenTarget } from '../../packages/kit/src/define-transport.ts';
import { runStep } from '../../packages/kit/src/harness.ts';
import { sshRun } from '../../packages/steps/src/ssh/run.step.ts';
import type { Hosts } from './many-sshd.ts';

export function targetsOf({ ports, user, privateKey, hostKey }: Hosts): Record<string, OpenTarget> {
  const credential = { type: 'ssh', fields: { user }, secret: { privateKey } };
  return Object.fromEntries(
    ports.map((port) => [
      `host-${port}`,
      { id: `id-${port}`, name: `host-${port}`, os: 'linux', address: '127.0.0.1', transport: 'ssh', settings: { port, hostKey }, credential, via: null },
    ]),
  );
}

/** All hosts at once; connections are made or kept as the pool has them. */
export async function stepRound(hosts: Hosts): Promise<void> {
  const targets = targetsOf(hosts);
  await Promise.all(
    Object.keys(targets).map(async (target) => {
      await using outcome = await runStep(sshRun, { target, command: 'uptime' }, { targets });
      if (!JSON.stringify(outcome.result.value).includes('load average')) throw new RangeError(`${target} said something else`);
    }),
  );
}

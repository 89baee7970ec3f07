// Hosts that a document names, held against those that there are for the person who asks.
import { stepTypes } from '@tidewheel/steps/index';
import { expect, it } from 'vitest';
import { type Absent, everyoneSees } from './check-context.ts';
import { validateFlow } from './validate.ts';

const id = '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11';
const targets = [
  { id, name: 'web01.example.com', transport: 'ssh' },
  { id: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a12', name: 'win7', transport: 'winrm' },
];

function faultsOf(target: string, absent: Absent = everyoneSees): Promise<string[]> {
  return faultsIn(`{ use: ssh.run, with: { target: ${JSON.stringify(target)}, command: uptime } }`, absent);
}
async function faultsIn(step: string, absent: Absent = everyoneSees): Promise<string[]> {
  const around = { types: new Map(stepTypes.map((type) => [type.type, type])), connections: [], files: [], targets, absent };
  const source = `flow: demo\ntitle: Demo\nparameters: { tag: { type: string } }\nsteps:\n  a: ${step}\n`;
  const { faults } = await validateFlow(source, { ...around, tableEngine: { check: async () => [] }, flows: { find: async () => [], names: async () => [] } });
  return faults.map(({ path, message, severity }) => `${severity} ${path}: ${message}`);
}

it('takes a host by name in any case and by id, and what is computed', async () => {
  for (const known of ['web01.example.com', 'WEB01.example.com', id, '{{ run.flow }}']) expect(await faultsOf(known)).toEqual([]);
});

it('names the closest one to what is not there, and refuses what another transport reaches', async () => {
  expect(await faultsOf('web1.example.com')).toEqual(['warning steps.a.with.target: there is no host "web1.example.com"; did you mean "web01.example.com"?']);
  expect(await faultsOf('nothing')).toEqual(['warning steps.a.with.target: there is no host "nothing" yet']);
  expect(await faultsOf('win7')).toEqual(['error steps.a.with.target: needs a host reached by ssh, but "win7" is reached by winrm']);
});

it('whoever may not use every host names those that he may, and computes none', async () => {
  const absent: Absent = { ...everyoneSees, targets: 'error' };
  expect(await faultsOf('web01.example.com', absent)).toEqual([]);
  expect(await faultsOf('db1', absent)).toEqual(['error steps.a.with.target: there is no host "db1" that you may use']);
  expect(await faultsOf('{{ run.flow }}', absent)).toEqual(['error steps.a.with.target: is computed, and you may not use every host']);
});

it('many hosts are found by names, tags and groups that may be computed, and by a condition over them alone', async () => {
  const found = (config: string, absent?: Absent) => faultsIn(`{ use: targets.find, with: ${config} }`, absent);
  expect(await found(`{ names: [WIN7], tags: [web, '{{ tag }}'], groups: [eu], where: 'target.os == "linux"' }`)).toEqual([]);
  expect(await found(`{ names: [win8] }`)).toEqual(['warning steps.a.with.names[0]: there is no host "win8"; did you mean "win7"?']);
  expect(await found(`{ tags: ['{{ tags }}'] }`)).toEqual([expect.stringMatching(/^error steps\.a\.with\.tags\[0\]: .*tags/)]);
  expect(await found(`{ where: 'run.flow == "x"' }`)).toEqual([expect.stringMatching(/^error steps\.a\.with\.where: .*sees only target/)]);
  expect(await found(`{ where: 'target.os = 1' }`)).toEqual([expect.stringMatching(/^error steps\.a\.with\.where: /)]);
});

it('whoever may not use every host finds those alone that he names', async () => {
  const absent: Absent = { ...everyoneSees, targets: 'error' };
  const found = (config: string) => faultsIn(`{ use: targets.find, with: ${config} }`, absent);
  expect(await found(`{ names: [win7] }`)).toEqual([]);
  for (const config of [`{ tags: [web] }`, `{ groups: [eu] }`, `{ where: 'target.os == "linux"' }`])
    expect(await found(config)).toEqual([expect.stringContaining('chooses hosts when it runs, and you may not use every host')]);
  expect(await found(`{ names: [db1] }`)).toEqual([expect.stringContaining('there is no host "db1" that you may use')]);
});

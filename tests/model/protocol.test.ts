// Every state that two faults can lead to; `npm run model` looks at those of any number.
import { expect, test } from 'vitest';
import { controls } from './controls.ts';
import { explore } from './explorer.ts';
import { guards } from './guards.ts';
import { protocol, type Scenario, scenarios } from './protocol.ts';

const mostFaults = process.env['TIDEWHEEL_FULL'] === '1' ? null : 2;
/** It only counts: how long that takes is the machine's. */
const timeout = 600_000;

test.each(Object.values<Scenario>(scenarios))('nothing is lost, overwritten or held by the dead: $name', { timeout }, (scenario) => {
  const { finding, goals } = explore(protocol(scenario, { mostFaults }));
  expect(finding).toBeNull();
  expect(goals).toBeGreaterThan(0);
});

test.each(controls)('the model fails without $guard', { timeout }, ({ guard, scenario }) => {
  const { finding } = explore(protocol(scenarios[scenario], { without: [guard], mostFaults: 2 }));
  expect(finding?.what).toBeTypeOf('string');
  expect(finding?.trace.length).toBeGreaterThan(0);
});

test('every guard has its control', () => {
  expect(controls.map(({ guard }) => guard).toSorted()).toEqual(Object.keys(guards).toSorted());
});

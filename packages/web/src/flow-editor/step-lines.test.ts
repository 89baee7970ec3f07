import { expect, test } from 'vitest';
import { lineOfStep, stepOfPath } from './step-lines.ts';

const source = 'flow: f\ntitle: out\nparameters:\n  out: { type: string }\nsteps:\n  read: { use: file.read }\n  "out":\n    use: file.write\n';

test('a step is found below `steps`, not where a parameter has its name', () => expect(lineOfStep(source, 'out')).toBe(7));
test('one that is not there has no line', () => expect(lineOfStep(source, 'gone')).toBeNull());
test('a step inside another one is found below the `steps` around it, also in braces', () => {
  const nested =
    'flow: f\nsteps:\n  group:\n    use: flow.steps\n    with:\n      inner: 1\n    steps:\n      inner:\n        use: x\n  brief: { use: flow.steps, steps: { short: { use: x } } }\n';
  expect(lineOfStep(nested, 'inner')).toBe(8);
  expect(lineOfStep(nested, 'short')).toBe(10);
});
test('a fault names its step', () => {
  expect(stepOfPath('steps.group.steps.first.use')).toBe('first');
  expect(stepOfPath('steps.group.steps')).toBe('group');
  expect(stepOfPath('steps.clean.with.where')).toBe('clean');
  expect(stepOfPath('title')).toBeNull();
});

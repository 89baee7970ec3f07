import { expect, test } from 'vitest';
import { lineOfStep, stepOfPath } from './step-lines.ts';

const source = 'flow: f\ntitle: out\nparameters:\n  out: { type: string }\nsteps:\n  read: { use: file.read }\n  "out":\n    use: file.write\n';

test('a step is found below `steps`, not where a parameter has its name', () => expect(lineOfStep(source, 'out')).toBe(7));
test('one that is not there has no line', () => expect(lineOfStep(source, 'gone')).toBeNull());
test('a fault names its step', () => {
  expect(stepOfPath('steps.clean.with.where')).toBe('clean');
  expect(stepOfPath('title')).toBeNull();
});

import { describe, expect, it } from 'vitest';
import { noOptions, startOptionsOf } from './run-options.ts';

describe('the options of a start', () => {
  it('are nothing unless something was chosen', () => {
    expect(startOptionsOf(noOptions)).toEqual({});
    expect(startOptionsOf({ ...noOptions, inputs: [{ step: 'a', text: '  ', file: null }] })).toEqual({});
  });

  it('tell rows, values, CSV and uploaded files apart', () => {
    const input = (step: string, text: string, file: string | null = null) => ({ step, text, file });
    const inputs = [input('rows', '[{"a": 1}]'), input('value', '{"a": 1}'), input('csv', '1,2\n3,4'), input('file', '', 'trades')];
    expect(startOptionsOf({ isDry: true, priority: 5, deadline: ' 30m ', inputs })).toEqual({
      mode: 'dry',
      priority: 5,
      deadline: '30m',
      testData: { rows: { rows: [{ a: 1 }] }, value: { value: { a: 1 } }, csv: { csv: '1,2\n3,4' }, file: { file: 'trades' } },
    });
    expect(startOptionsOf({ ...noOptions, inputs })).toMatchObject({ mode: 'normal' });
  });
});

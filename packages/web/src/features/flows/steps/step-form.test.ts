import { describe, expect, test } from 'vitest';
import { advancedOf, advancedWritten, configForm, otherKeys } from './fields-shown.ts';
import { parameterOf, parameterWritten } from './parameter-form.ts';
import { summaryOf, waitsFor } from './step-words.ts';

describe('a step in words', () => {
  test('its summary holds its configuration', () => {
    expect(summaryOf('{{command}} on {{target}}', { command: 'uptime\nls', target: 'web-1' })).toBe('uptime on web-1');
    expect(summaryOf('{{command}}', {})).toBe('');
    expect(summaryOf('{{command}} on {{target}}', { command: 'uptime' })).toBe('uptime on …');
    expect(summaryOf('Hosts by {{tags}} {{groups}} {{where}}', { tags: ['web', 'eu'], where: 'target.os == "linux"' })).toBe(
      'Hosts by web, eu target.os == "linux"',
    );
  });
  test('what it waits for', () => {
    expect(waitsFor({})).toBe('at the start');
    expect(waitsFor({ after: ['a', 'route.large'], on: 'failure' })).toBe('after a and route (branch large) has failed');
    expect(waitsFor({ from: 'a', each: { rows: 'hosts' } })).toBe('takes what a gives; runs for each row of hosts');
  });
});

test('what the form cannot show is named and left out', () => {
  const config = { type: 'object', properties: { seconds: { type: 'integer' }, text: { type: 'string' } } };
  const type = {
    type: 'x',
    version: 1,
    title: '',
    group: '',
    icon: '',
    summary: '',
    description: '',
    where: 'inline',
    produces: 'none',
    output: null,
    examples: [],
  } as const;
  const info = { ...type, inputs: { min: 0, max: null, named: [], carries: 'none' as const }, config, examples: [] };
  const { schema, hidden } = configForm(info, { seconds: '{{ wait }}', text: 'a', other: 1 });
  expect(hidden).toEqual(['seconds', 'other']);
  expect(Object.keys(schema['properties'] as object)).toEqual(['text']);
  expect(otherKeys({ use: 'x', from: { a: 'b' }, worker: 'w', retry: {} })).toEqual(['from', 'worker']);
});

test('waves are numbers and shares', () => {
  const values = { each: { rows: 'hosts', waves: [1, '10%'] }, use: 'x' };
  expect(advancedOf(values)).toEqual({ each: { rows: 'hosts', waves: ['1', '10%'] } });
  expect(advancedWritten(advancedOf(values))).toEqual({ each: values.each });
});

test('a parameter says only what does not follow', () => {
  expect(parameterOf({ type: 'string' })).toEqual({ type: 'string', required: true });
  expect(parameterWritten({ type: 'string' }, { type: 'string', required: true, default: 'a' })).toEqual({ type: 'string', default: 'a' });
  expect(parameterWritten({ type: 'integer' }, { type: 'integer', required: true, choices: ['1', '2'] })).toEqual({ type: 'integer', choices: [1, 2] });
  expect(parameterWritten({ type: 'string' }, { type: 'string', required: false })).toEqual({ type: 'string', required: false });
});

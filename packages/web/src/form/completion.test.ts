import { expect, test } from 'vitest';
import { completed, matching, typedAt } from './completion.ts';

const template = { isExpression: false };

test('in a template names are offered inside of braces only', () => {
  expect(typedAt('say {{ steps.a', { caret: 14, ...template })).toEqual({ from: 7, typed: 'steps.a' });
  expect(typedAt('say {{ host }} and', { caret: 18, ...template })).toBeNull();
  expect(typedAt('say', { caret: 3, ...template })).toBeNull();
  expect(typedAt('size(ho', { caret: 7, isExpression: true })).toEqual({ from: 5, typed: 'ho' });
});

test('a taken name closes what was open', () => {
  expect(completed('say {{ho', { caret: 8, from: 6, name: 'host', ...template })).toEqual({ text: 'say {{ host }}', caret: 11 });
  expect(completed('{{ ho }} b', { caret: 5, from: 3, name: 'host', ...template })).toEqual({ text: '{{ host }} b', caret: 7 });
});

test('what begins with it comes before what holds it', () => {
  const names = ['a.host', 'host', 'hosts'].map((name) => ({ name, title: '' }));
  expect(matching(names, 'host').map(({ name }) => name)).toEqual(['hosts', 'a.host']);
});

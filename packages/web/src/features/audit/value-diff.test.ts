import { describe, expect, it } from 'vitest';
import { lineChanges, nearChanges, valueChanges } from './value-diff.ts';

describe('what changed', () => {
  it('is named by its path; what is the same is not', () => {
    expect(valueChanges({ title: 'A', config: { host: 'a', port: 22 } }, { title: 'A', config: { host: 'b', port: 22, user: 'ada' } })).toEqual([
      { path: 'config.host', before: 'a', after: 'b' },
      { path: 'config.user', before: undefined, after: 'ada' },
    ]);
  });
  it('is everything when there was nothing before, and nothing when there is neither', () => {
    expect(valueChanges(null, { role: 'viewer', tags: [] })).toEqual([
      { path: 'role', before: undefined, after: 'viewer' },
      { path: 'tags', before: undefined, after: '[]' },
    ]);
    expect(valueChanges(null, null)).toEqual([]);
  });
  it('is shown line by line for texts', () => {
    expect(lineChanges('a\nb\nc\nd', 'a\nx\nc\nd\ne').map((line) => `${line.kind[0]} ${line.text}`)).toEqual(['s a', 'r b', 'a x', 's c', 's d', 'a e']);
    expect(lineChanges('same\n', 'same\n').every((line) => line.kind === 'same')).toBe(true);
  });
  it('leaves out what is far from a change', () => {
    const before = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const after = before.with(15, 'changed');
    const shown = nearChanges(lineChanges(before.join('\n'), after.join('\n')));
    expect(shown[0]).toBeNull();
    expect(shown.at(-1)).toBeNull();
    expect(shown).toHaveLength(10);
  });
});

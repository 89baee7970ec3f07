import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setText } from './edit-block.ts';
import { readFlow } from './read-flow.ts';
import { addStep, duplicateStep, moveStep, removeStep, setAfter, setFields } from './step-edits.ts';

const written = `# A job of the operators
flow: nightly
title: Nightly    # shown in lists
steps:
  # first of all
  stop:
    use:   ssh.run
    with: { target:   'web-1', command: "systemctl stop app" } # by hand

  copy:   { use: file.transfer, after: stop }

  # at the end
  start:
    use: ssh.run
    after: copy
    with:
      target: web-1   # the host
      command: |
        # not a comment
        systemctl start app
# what it gives
outputs:
  done: { value: 'true' }
`;

const ids = (source: string) => readFlow(source)?.steps.map(({ id }) => id);
const chain = (source: string) => readFlow(source)?.steps.map(({ values }) => values['after'] ?? null);

describe('edits of the text', () => {
  test('a value is changed in its step alone', () => {
    const next = setFields(written, ['steps', 'start'], {
      old: { with: { target: 'web-1', command: '# not a comment\nsystemctl start app\n' } },
      next: { with: { target: 'web-2', command: '# not a comment\nsystemctl start app\n' } },
    });
    expect(next).toBe(written.replace('target: web-1   # the host', 'target: web-2 # the host'));
  });
  test('in a line a moved step changes what each comes after', () => {
    const next = moveStep(written, ['steps', 'start'], 0);
    expect(ids(next)).toEqual(['start', 'stop', 'copy']);
    expect(chain(next)).toEqual([null, 'start', 'stop']);
    expect(next).toContain('# at the end\n  start:');
    expect(next).toContain('  copy:   { use: file.transfer, after: stop }\n');
    expect(next).toContain('# what it gives\noutputs:');
  });
  test('an emptied field is left out, one that was empty before stays', () => {
    const source = "flow: a\nsteps:\n  a:\n    use: x\n    with: { b: '', c: d }\n";
    const next = setFields(source, ['steps', 'a'], { old: { with: { b: '', c: 'd' } }, next: { with: { b: '', c: '' } } });
    expect(next).toBe(source.replace(', c: d', ''));
  });
  test('the title is changed in its line, and nothing else', () => {
    expect(setText(written, 'title', 'Every night')).toBe(written.replace('Nightly    # shown', 'Every night # shown'));
    expect(setText('# a\nsteps: {}\n', 'title', '')).toContain('title: ""\n');
  });
  test('a removed step is bridged', () => {
    const next = removeStep(written, ['steps', 'copy']);
    expect(chain(next)).toEqual([null, 'stop']);
    expect(next).toContain('with: { target:   ');
  });
  test('a copy stands below it in the line', () => {
    const next = duplicateStep(written, ['steps', 'stop']).source;
    expect(ids(next)).toEqual(['stop', 'stop2', 'copy', 'start']);
    expect(chain(next)).toEqual([null, 'stop', 'stop2', 'copy']);
  });
  test('what is written in braces, or names what stands elsewhere, is written anew as a whole', () => {
    expect(moveStep('flow: a\nsteps: { a: { use: x }, b: { use: y, after: a } }\n', ['steps', 'b'], 0)).toBe(
      'flow: a\nsteps: { b: { use: y }, a: { use: x, after: b } }\n',
    );
    const shared = 'flow: a\nx: &d { c: 1 }\nsteps:\n  a:\n    use: x\n    with: *d # shared\n';
    expect(setFields(shared, ['steps', 'a'], { old: {}, next: { title: 'T' } })).toBe(`${shared}    title: T\n`);
  });
  test('a step inside another one has lines of its own', () => {
    const group = 'flow: a\nsteps:\n  g:\n    use:  flow.steps\n    steps:\n      i:   { use: x }\n  # z\n  h: { use: y }\n';
    expect(addStep(group, { use: 'q.r', takes: true }, ['steps', 'g']).source).toBe(
      group.replace('  # z', '      r:\n        use: q.r\n        from: i\n  # z'),
    );
  });
  test('a job can be built from nothing', () => {
    const one = addStep('', { use: 'flow.value', with: { value: '1' } });
    const two = addStep(one.source, { use: 'flow.value' });
    expect([one.id, two.id]).toEqual(['value', 'value2']);
    expect(two.source).toBe(
      'flow: my-job\ntitle: My job\nkind: job\ntimeZone: UTC\nsteps:\n  value:\n    use: flow.value\n    with:\n      value: "1"\n  value2:\n    use: flow.value\n    after: value\n',
    );
    expect(ids(removeStep(removeStep(two.source, ['steps', 'value']), ['steps', 'value2']))).toEqual([]);
  });
});

const comment = fc.constantFrom('', '  # note\n', '  # two\n  # lines\n', '\n');
const body = fc.constantFrom(
  '    use:   ssh.run\n    with: { a:  1 }\n',
  '    use: ssh.run # why\n    with:\n      text: |\n        # no comment\n        b: c\n',
  '    use: table.read\n    from: elsewhere\n    each: { rows: x }\n',
  "    use: \"flow.value\"\n    title: 'it''s'\n",
);
const document = fc
  .tuple(fc.array(fc.tuple(comment, body), { minLength: 1, maxLength: 6 }), fc.boolean(), fc.constantFrom('', '\n# end\noutputs: {}\n', 'timeout: 1h'))
  .map(([steps, isChained, tail]) => {
    const texts = steps.map(([above, text], index) => `${above}  s${index}:\n${text}${isChained && index > 0 ? `    after: s${index - 1}\n` : ''}`);
    return `flow: a\ntitle: b\nsteps:\n${texts.join('')}${tail}`;
  });
type Edited = { name: string; source: string; touched: string[] };
const edits: ((source: string, all: string[], at: number) => Edited)[] = [
  (source, all) => ({ name: 'add', source: addStep(source, { use: 'x.y' }).source, touched: all.slice(0, 0) }),
  (source, all, at) => ({ name: 'remove', source: removeStep(source, ['steps', all[at] ?? '']), touched: [all[at] ?? '', all[at + 1] ?? ''] }),
  (source, all, at) => ({ name: 'copy', source: duplicateStep(source, ['steps', all[at] ?? '']).source, touched: [all[at + 1] ?? ''] }),
  (source, all, at) => ({ name: 'order', source: setAfter(source, ['steps', all[at] ?? ''], ['z']), touched: [all[at] ?? ''] }),
  (source, all, at) => ({
    name: 'config',
    source: setFields(source, ['steps', all[at] ?? ''], { old: {}, next: { with: { text: 'x: {{ y }}\n- z' } } }),
    touched: [all[at] ?? ''],
  }),
  (source, all, at) => ({ name: 'move', source: moveStep(source, ['steps', all[at] ?? ''], 0), touched: [all[0] ?? '', all[at] ?? '', all[at + 1] ?? ''] }),
];
/** The lines of a step, from its key to the next one's, comments and blank lines between steps left out. */
function textOf(source: string, id: string): string {
  const from = source.indexOf(`\n  ${id}:`) + 1;
  const rest = source.slice(from);
  const to = rest.slice(1).search(/^ {0,2}\S|^\n/m);
  return to < 0 ? rest : rest.slice(0, to + 1);
}

test('whatever is done, the text can be read and the other steps stay as they were written', () => {
  fc.assert(
    fc.property(document, fc.nat(), fc.nat(), (source, which, where) => {
      const all = ids(source) ?? [];
      const edit = edits[which % edits.length];
      const after = edit?.(source, all, where % all.length) as Edited;
      const kept = ids(after.source);
      expect(kept, after.source).toBeDefined();
      for (const id of all.filter((one) => kept?.includes(one) && !after.touched.includes(one)))
        expect(textOf(after.source, id).trimEnd(), `${after.name} of\n${source}`).toBe(textOf(source, id).trimEnd());
    }),
    { numRuns: 400 },
  );
});

import { TooLarge } from '@tidewheel/contract/errors';
import { stepTypes } from '@tidewheel/steps/index';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFlow } from './parse.ts';
import { validateFlow } from './validate.ts';

const types = new Map(stepTypes.map((type) => [type.type, type]));
const asked: { path: string; text: string; kind: string; parameters: string[] }[] = [];
const surroundings = {
  types,
  // The real one is asked in validate.db.test.ts; this one records what it is asked.
  tableEngine: {
    async check(texts: typeof asked) {
      asked.push(...texts);
      return texts.filter(({ text }) => text.includes('!!')).map(({ path }) => ({ path, message: 'syntax error', severity: 'error' as const }));
    },
  },
  targets: [],
  connections: [
    { slug: 'inbox', type: 'folder' },
    { slug: 'bank', type: 'sftp' },
  ],
  files: ['x', 'auth-016-001-01', 'head-003'],
  flows: { find: async () => [], names: async () => [] },
};
const check = async (source: string) =>
  (await validateFlow(source, surroundings)).faults.map(
    ({ line, path, message, severity }) => `${severity === 'warning' ? '~ ' : ''}${line} ${path}: ${message}`,
  );
const steps = (text: string, head = '') => `flow: demo\ntitle: Demo\n${head}steps:\n${text}`;

describe('validateFlow', () => {
  it('takes a sound document', async () => {
    const source = steps(
      `  a: { use: table.read, with: { connection: inbox, path: 'in/{{ day }}.csv', format: csv } }
  b: { use: table.filter, from: a, with: { where: price > :least } }
  c: { use: table.write, from: b, with: { format: csv, name: 'out-{{ today }}.csv' } }
  d: { use: deliver.folder, from: c, when: steps.b.rows > 0 && day != '', with: { connection: inbox } }
`,
      'timeZone: Europe/Paris\nparameters:\n  day: { type: date, default: today }\n  least: { type: number, default: 0 }\n',
    );
    const { document, faults } = await validateFlow(source, surroundings);
    expect(faults).toEqual([]);
    expect(document?.steps.a?.with).toMatchObject({ path: 'in/{{ day }}.csv' });
    expect(asked).toContainEqual({ path: 'steps.b.with.where', text: 'price > :least', kind: 'row', parameters: ['day', 'least'] });
  });

  it('names everything at once, by path and line', async () => {
    const source = steps(
      `  trades: { use: table.read, with: { connection: inbux, path: 'x{{ day', format: cvs } }
  clean: { use: table.fliter, from: trades }
  kept: { use: table.filter, from: trades, with: { were: x } }
  both: { use: table.join, from: { left: trades, rigth: kept }, with: { on: [id] } }
  lone: { use: table.join, from: trades, with: { on: [id] } }
  rows: { use: table.filter, from: written, with: { where: '!!' } }
  written: { use: table.write, from: trades, when: steps.kept.rows > dya, with: { format: csv, name: a.csv } }
  fetch: { use: table.read, with: { connection: bank, path: a, format: csv } }
  got: { use: file.read, from: trades, with: { connection: bank, path: a } }
  ring1: { use: table.sort, from: ring2, with: { by: [{ column: a }] } }
  ring2: { use: table.sort, from: ring3, after: nobody, with: { by: [{ column: a }] } }
  ring3: { use: table.sort, from: ring1, form: x, with: { by: [] } }
  self: { use: table.limit, from: self, with: { rows: 1 } }
`,
      'timeZone: Europe/Pari\nparameters:\n  day: { type: date, default: tody }\n  now: { type: string, default: x }\n  low: { type: integer, minimum: 3, maximum: 1 }\n  re: { type: string, pattern: "(a" }\n  pick: { type: integer, choices: [one] }\n',
    );
    expect(await check(source)).toEqual([
      '3 timeZone: there is no time zone "Europe/Pari"; did you mean "Europe/Paris"?',
      '5 parameters.day.default: "tody": there is no parameter "tody"; did you mean "today"?',
      '6 parameters.now: "now" already means something in expressions',
      '7 parameters.low.minimum: is greater than the maximum 1',
      '8 parameters.re.pattern: "(a" is not a regular expression: missing closing ): `(a`',
      '9 parameters.pick.choices: "one" must be a whole number, not "one"',
      '~ 11 steps.trades.with.connection: there is no connection "inbux"; did you mean "inbox"?',
      '11 steps.trades.with.path: "{{ day" opens {{ and never closes it',
      '11 steps.trades.with.format: must be one of "csv", "json", "parquet", not "cvs"; did you mean "csv"?',
      '12 steps.clean.use: unknown step type "table.fliter"; did you mean "table.filter"?',
      '13 steps.kept.with.where: is missing',
      '13 steps.kept.with.were: unknown key "were"; did you mean "where"?',
      '14 steps.both.from.rigth: table.join has no input "rigth"; did you mean "right"?',
      '15 steps.lone.from: table.join needs 2 inputs, not 1',
      '16 steps.rows.from: takes a table, but "written" (table.write) produces a file',
      '16 steps.rows.with.where: syntax error',
      '17 steps.written.when: there is no parameter "dya"; did you mean "day"?',
      '17 steps.written.when: asks for steps.kept, which need not have run before',
      '18 steps.fetch.with.connection: needs a connection of the type folder, but "bank" is one of the type sftp',
      '19 steps.got.from: file.read takes no input',
      '20 steps.ring1: waits for itself: steps.ring1 -> steps.ring2 -> steps.ring3 -> steps.ring1',
      '21 steps.ring2.after: there is no step "nobody"',
      '22 steps.ring3.form: unknown key "form"; did you mean "from"?',
      '22 steps.ring3.with.by: must have at least 1 entry',
      '23 steps.self: waits for itself: steps.self -> steps.self',
    ]);
  });

  it('warns of uploaded files that are not there, in lists too, and of none that is computed', async () => {
    const source = steps(
      `  a: { use: table.read, with: { file: y, format: csv } }
  b: { use: table.read, with: { file: 'trades-{{ today }}', format: csv } }
  c: { use: file.read, with: { file: head-03 } }
  d:
    use: report.iso20022
    from: a
    with:
      preset: mifir_rts22
      sender: me
      receiver: FR
      schemas:
        - head-003
        - auth-016
        - something-else
        - 'head-{{ today }}'
`,
    );
    expect(await check(source)).toEqual([
      '~ 4 steps.a.with.file: there is no uploaded file "y"; did you mean "x"?',
      '~ 6 steps.c.with.file: there is no uploaded file "head-03"; did you mean "head-003"?',
      '~ 16 steps.d.with.schemas[1]: there is no uploaded file "auth-016"; did you mean "auth-016-001-01"?',
      '~ 17 steps.d.with.schemas[2]: there is no uploaded file "something-else" yet',
    ]);
  });

  it('goes on when the table engine cannot be asked', async () => {
    const broken = { ...surroundings, tableEngine: { check: async () => Promise.reject(new Error('gone')) } };
    const { faults } = await validateFlow(
      steps('  a: { use: table.read, with: { file: x, format: csv } }\n  b: { use: table.filter, from: a, with: { where: x } }\n'),
      broken,
    );
    expect(faults).toMatchObject([{ severity: 'warning', message: 'the SQL could not be checked now: gone' }]);
  });

  it('finds a ring of 5,000 steps', async () => {
    const ring = steps(
      Array.from({ length: 5_000 }, (_, index) => `  s${index}: { use: table.limit, from: s${(index + 1) % 5_000}, with: { rows: 1 } }\n`).join(''),
    );
    expect(await check(ring)).toHaveLength(1);
  });
});

describe('parseFlow', () => {
  it.each([
    ['nothing', '', 'undefined (document): the document is empty'],
    ['a repeated key', steps('  a: { use: x }\n  a: { use: y }\n'), '5 steps.a: is there twice'],
    ['a custom tag', steps('  a: !!js/function { use: x }\n'), '4 (document): tags like tag:yaml.org,2002:js/function are not supported'],
    ['a tab', 'flow:\n\ta', '2 (document): tabs cannot indent; use spaces'],
    ['a nest', '['.repeat(100_000), '1 (document): the text is nested deeper than 64 levels'],
    ['nested keys', '? '.repeat(10_000), '1 (document): keys marked with ? are not supported'],
    [
      'a number that would change',
      steps('  a: { use: x, with: { n: 12345678901234567890 } }\n'),
      '4 steps.a.with.n: 12345678901234567890 has too many digits to be kept exactly',
    ],
    ['infinity', steps('  a: { use: x, with: { n: .inf } }\n'), '4 steps.a.with.n: must be a finite number'],
    ['a step that is no mapping', steps('  a: table.read\n'), '4 steps.a: must be a mapping of keys to values, not "table.read"'],
    [
      'a bad step name',
      steps('  My-Step: { use: x }\n'),
      '4 steps.My-Step: "My-Step" is no valid name: must start with a-z and hold only letters, digits and _ (at most 63)',
    ],
    [
      'laughs',
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]',
      'undefined (document): the aliases in the document expand to too much',
    ],
  ])('says what is wrong with %s', (_name, source, expected) => {
    const { document, faults } = parseFlow(source);
    expect(document).toBeNull();
    expect(faults.map(({ line, path, message }) => `${line} ${path}: ${message}`)).toContain(expected);
  });

  it('refuses more than 5,000 steps and more than 2 MB', () => {
    expect(parseFlow(steps(Array.from({ length: 5_001 }, (_, index) => `  s${index}: { use: x }\n`).join(''))).faults[0]?.message).toBe(
      'has 5,001 steps; at most 5,000 are allowed',
    );
    expect(() => parseFlow('x'.repeat(2_000_001))).toThrow(TooLarge);
  });

  it('never throws, whatever the text', async () => {
    const line = fc.constantFrom(
      'flow: a',
      'title: b',
      'steps:',
      '  a:',
      '    use: table.filter',
      '    from: a',
      '    with: {',
      '    when: "',
      '}',
      '  - x',
      '&a',
      '*a',
      ': :',
      '? x',
      '!!str',
      '{{',
      '"',
      "'",
      '|',
      '>',
      '---',
      '\t',
      '#',
      'parameters: { p: { type: date, default: now } }',
      '\u0000',
      '\ud800',
      '🌊',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(line).map((lines) => lines.join('\n')),
      fc.json(),
      fc.object().map((value) => JSON.stringify({ flow: 'a', title: 'b', steps: value })),
    );
    await fc.assert(
      fc.asyncProperty(text, async (source) => {
        const { document, faults } = await validateFlow(source, surroundings);
        if (document === null) expect(faults.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});

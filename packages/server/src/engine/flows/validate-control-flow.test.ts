// Every fault that control flow can have, by path and line.
import { FlowDocument } from '@tidewheel/contract/flow-document';
import { stepTypes } from '@tidewheel/steps/index';
import { describe, expect, it } from 'vitest';
import { everyoneSees } from './check-context.ts';
import type { OtherFlow } from './other-flows.ts';
import { type Surroundings, validateFlow } from './validate.ts';

const document = (flow: string, steps: object, parameters: object = {}) => FlowDocument.parse({ flow, title: flow, steps, parameters });
const flows: OtherFlow[] = [
  {
    slug: 'load',
    mayRun: true,
    document: document(
      'load',
      { a: { use: 'flow.value' } },
      { day: { type: 'date' }, rows: { type: 'integer', default: 1 }, note: { type: 'string', required: false } },
    ),
  },
  { slug: 'secret', mayRun: false, document: document('secret', { a: { use: 'flow.value' } }) },
  { slug: 'draft', mayRun: true, document: null },
  { slug: 'around', mayRun: true, document: document('around', { g: { use: 'flow.steps', steps: { next: { use: 'flow.run', with: { flow: 'further' } } } } }) },
  { slug: 'further', mayRun: true, document: document('further', { a: { use: 'flow.run', with: { flow: 'demo' } } }) },
];
const surroundings: Surroundings = {
  types: new Map(stepTypes.map((type) => [type.type, type])),
  tableEngine: { check: async () => [] },
  targets: [],
  connections: [{ slug: 'inbox', type: 'folder' }],
  files: ['x'],
  flows: {
    find: async (slugs) => flows.filter(({ slug }) => slugs.includes(slug)),
    names: async () => flows.filter(({ mayRun }) => mayRun).map(({ slug }) => slug),
  },
};
const check = async (steps: string, { head = '', around = {} }: { head?: string; around?: Partial<Surroundings> } = {}) => {
  const { faults } = await validateFlow(`flow: demo\ntitle: Demo\n${head}steps:\n${steps}`, { ...surroundings, ...around });
  return faults.map(({ line, path, message, severity }) => `${severity === 'warning' ? '~ ' : ''}${line} ${path}: ${message}`);
};
const value = (more = '') => `{ use: flow.value, with: { value: '1' }${more} }`;

describe('sound documents', () => {
  it('take everything at once', async () => {
    const steps = `  trades: { use: table.read, with: { file: x, format: csv } }
  route: { use: flow.switch, after: trades, with: { cases: { large: steps.trades.rows > least, small: 'true' }, otherwise: none } }
  big:
    use: flow.steps
    after: route.large
    each: { rows: trades, concurrency: 4, mayFail: 1 }
    steps:
      first: { use: flow.value, with: { value: '{"id": item, "all": steps.trades.rows, "at": index}' }, limit: { key: 'id-{{ index }}', slots: 2 } }
      again: { use: flow.value, after: first, repeat: { until: last == 3 || iteration > 5, most: 9 }, with: { value: iteration + index } }
      group: { use: flow.steps, after: again, steps: { deep: { use: flow.value, with: { value: steps.first.value } } } }
  load: { use: flow.run, after: route.small, with: { flow: load, parameters: { day: '{{ today }}', rows: 4 } }, mayFail: true }
  parts: { use: table.filter, from: trades, each: { over: '["a", "b"]' }, with: { where: "name = :item" }, resources: { memory: 512MB, threads: 2 } }
  all: { use: table.sort, from: parts, with: { by: [{ column: name }] } }
  meet: { use: flow.value, after: [big, load, all], join: taken, with: { value: '1' }, undo: { use: flow.value, with: { value: steps.meet.value } } }
  two: { use: flow.value, after: [big, load, all], join: 2, with: { value: '1' } }
  mend: { use: flow.value, after: load, on: failure, with: { value: steps.load.state } }
  alarm: { use: flow.value, on: failure, with: { value: steps.meet.state } }
  clean: { use: flow.value, on: always, with: { value: '1' } }
  last: { use: flow.value, after: clean, with: { value: '1' } }
`;
    const head =
      'parameters: { least: { type: integer, default: 1 } }\noutputs: { rows: { value: steps.trades.rows, type: integer } }\noverlap: { policy: skip }\n';
    expect(await check(steps, { head })).toEqual([]);
  });
});

describe('names', () => {
  it('are seen from inside out, not the other way round', async () => {
    expect(
      await check(`  base: ${value()}
  group:
    use: flow.steps
    after: base
    steps:
      one: ${value()}
      two: { use: flow.value, after: one, with: { value: 'steps.base.value + steps.one.value + steps.later.value' } }
  round: { use: flow.steps, steps: { own: { use: flow.value, after: round, with: { value: steps.round.value } } } }
  later: { use: flow.value, after: one, with: { value: steps.two.value } }
  wrong: { use: flow.value, after: grup, with: { value: steps.grop.value } }
  other: { use: flow.steps, steps: { x: { use: flow.value, from: two, with: { value: '1' } } } }
`),
    ).toEqual([
      '10 steps.group.steps.two.with.value: asks for steps.later, which need not have run before',
      '11 steps.round.steps.own.after: "round" is around this step, and ends only after it',
      '11 steps.round: waits for itself: steps.round -> steps.round',
      '12 steps.later.after: "one" is inside steps.group and is not seen from here',
      '12 steps.later.with.value: "two" is inside steps.group and is not seen from here',
      '13 steps.wrong.after: there is no step "grup"; did you mean "group"?',
      '13 steps.wrong.with.value: there is no step "grop"; did you mean "group"?',
      '14 steps.other.steps.x.from: "two" is inside steps.group and is not seen from here',
    ]);
  });

  it('are unique in the whole document', async () => {
    expect(await check(`  a: ${value()}\n  g: { use: flow.steps, steps: { a: ${value()}, h: { use: flow.steps, steps: { g: ${value()} } } } }\n`)).toEqual([
      '5 steps.g.steps.a: has the id of another step, steps.a',
      '5 steps.g.steps.h.steps.g: has the id of another step, steps.g',
    ]);
  });

  it('of items and times are there only where there are some', async () => {
    expect(
      await check(
        `  a: { use: flow.value, with: { value: item }, when: last == 1 }
  b: { use: flow.value, each: { over: item }, when: index == 0, with: { value: item + iteration } }
  c: { use: flow.value, repeat: { until: lost }, with: { value: last }, limit: { key: '{{ item }}', slots: 1 } }
  d: { use: flow.value, each: { over: '[1]' }, with: { value: item }, undo: { use: flow.value, with: { value: item } } }
`,
        { head: 'parameters: { index: { type: integer, default: 1 } }\noutputs: { x: { value: item }, y: { value: steps.gone.value } }\n' },
      ),
    ).toEqual([
      '~ 3 parameters.index: inside steps.b "index" means something else',
      '4 outputs.x.value: there is no "item" here',
      '4 outputs.y.value: there is no step "gone"',
      '6 steps.a.when: there is no "last" here',
      '6 steps.a.with.value: there is no "item" here',
      '7 steps.b.each.over: there is no "item" here',
      '7 steps.b.with.value: there is no "iteration" here',
      '8 steps.c.repeat.until: there is no parameter "lost"; did you mean "last"?',
      '8 steps.c.limit.key: there is no "item" here',
      '9 steps.d.undo.with.value: there is no "item" here',
    ]);
  });
});

describe('branches and joins', () => {
  it('lead on from what chooses, and join what there is', async () => {
    expect(
      await check(`  choose: { use: flow.if, with: { condition: 'true' } }
  a: { use: flow.value, after: choose.thn, with: { value: '1' } }
  b: { use: flow.value, after: [a.then, choose.else], with: { value: '1' } }
  c: { use: flow.value, after: [a, b], join: 3, with: { value: '1' } }
  d: { use: flow.value, join: any, with: { value: '1' } }
  e: { use: flow.steps, steps: { f: { use: flow.value, after: choose.then, with: { value: '1' } }, g: { use: flow.value, after: a, on: failure, with: { value: '1' } } } }
  h: { use: flow.value, after: nobody.then, with: { value: '1' } }
  bad: { use: flow.switch, with: { cases: {}, otherwise: x } }
  i: { use: flow.value, after: bad.any, with: { value: '1' } }
`),
    ).toEqual([
      '5 steps.a.after: "choose" has no branch "thn"; did you mean "then"?',
      '6 steps.b.after[0]: "a" has no branch "then"; flow.value has no branches',
      '7 steps.c.join: waits for 3 steps, but only 2 come before it',
      '8 steps.d.join: has nothing to join: no step comes before it',
      '9 steps.e.steps.f.after: names a branch of a step outside steps.e',
      '9 steps.e.steps.g.on: is about steps outside steps.e, which have succeeded when this one has its turn',
      '10 steps.h.after: there is no step "nobody"',
      '11 steps.bad.with.cases: needs at least one case',
    ]);
  });

  it('may leave a step without what it takes', async () => {
    expect(
      await check(`  a: { use: table.read, with: { file: x, format: csv } }
  b: { use: table.sort, from: a, after: c, join: any, with: { by: [{ column: id }] } }
  c: ${value()}
  d: { use: flow.value, from: a, on: always, with: { value: '1' } }
  e: { use: flow.value, from: a, on: failure, with: { value: '1' } }
  f: { use: flow.value, from: a, after: c, join: 2, with: { value: '1' } }
`),
    ).toEqual([
      '5 steps.b.from: may have nothing to take from a, because of `join: any`',
      '~ 7 steps.d.from: may have nothing to take from a, because of `on: always`',
      '8 steps.e.from: takes something from a, but runs only when that failed',
    ]);
  });
});

describe('what is below a step', () => {
  it('has steps, items, times, an undo and limits where they mean something', async () => {
    expect(
      await check(`  a: { use: flow.steps }
  b: { use: flow.steps, steps: {} }
  c: { use: flow.value, with: { value: '1' }, steps: { x: ${value()} } }
  d: { use: flow.value, each: {}, with: { value: '1' } }
  e: { use: flow.value, each: { over: '[1]', rows: t }, repeat: { until: 'true' }, with: { value: '1' } }
  t: { use: table.read, with: { file: x, format: csv } }
  f: { use: flow.value, each: { rows: d }, with: { value: '1' } }
  g: { use: flow.value, each: { rows: nobody }, with: { value: '1' } }
  h: { use: flow.steps, each: { over: '[1]' }, limit: { key: k, slots: 1 }, steps: { y: ${value()} } }
  i: { use: flow.run, limit: [{ key: 'k{{', slots: 1 }], with: { flow: load, parameters: { day: 2026-01-01 } } }
  j: { use: flow.value, with: { value: '1' }, undo: { use: table.sort } }
  k: { use: flow.value, with: { value: '1' }, undo: { use: flow.steps } }
  l: { use: flow.value, with: { value: '1' }, undo: { use: flow.valeu, with: { value: '1' } } }
  m: { use: flow.value, with: { value: '1' }, undo: { use: flow.value, with: { valu: '1' } } }
  n: { use: flow.value, with: { value: '1' }, resources: { threads: 1 } }
  o: { use: flow.value, with: { value: '1' }, retry: { attempts: 2, on: ['Not a code'] } }
  p: { use: table.sort, from: q, with: { by: [{ column: id }] } }
  q: { use: table.sort, from: t, repeat: { until: 'true' }, with: { by: [{ column: id }] } }
  r: { use: flow.value, with: { value: '1' }, each: { over: 'a b' }, repeat: { until: '1 +' } }
`),
    ).toEqual([
      '4 steps.a: flow.steps needs steps inside it',
      '5 steps.b.steps: flow.steps needs steps inside it',
      '6 steps.c.steps: flow.value has no steps inside',
      '7 steps.d.each: needs `over` or `rows`: what its items are',
      '8 steps.e.repeat: cannot stand beside `each`',
      '8 steps.e.each: has both `over` and `rows`',
      '10 steps.f.each.rows: needs a table, but "d" (flow.value) produces a value',
      '11 steps.g.each.rows: there is no step "nobody"',
      '12 steps.h.limit: has no meaning for flow.steps: the steps below it do the work',
      '13 steps.i.limit[0].key: "{{" opens {{ and never closes it',
      '13 steps.i.limit: has no meaning for flow.run: the steps below it do the work',
      '14 steps.j.undo.use: cannot be table.sort: a table step changes nothing that could undo another one',
      '14 steps.j.undo.with.by: is missing',
      '15 steps.k.undo.use: cannot be flow.steps: there is no place for its steps; run a flow with flow.run instead',
      '16 steps.l.undo.use: unknown step type "flow.valeu"; did you mean "flow.value"?',
      '17 steps.m.undo.with.value: is missing',
      '17 steps.m.undo.with.valu: unknown key "valu"; did you mean "value"?',
      '18 steps.n.resources: have no meaning for flow.value: only table steps are given memory and threads',
      '19 steps.o.retry.on[0]: must be an error code, or its beginning followed by *',
      '20 steps.p.from: takes a table, but "q" (table.sort) produces a value',
      '22 steps.r.repeat: cannot stand beside `each`',
      '22 steps.r.each.over: "a b" is not valid CEL at character 3: did not expect b',
      '22 steps.r.repeat.until: "1 +" is not valid CEL at character 3: did not expect +',
    ]);
  });

  it('is told by path and line however deep, also when part of it cannot be read', async () => {
    expect(
      await check(`  groups:
    use: flow.steps
    steps:
      first:
        use: flow.valu
        wiht: { value: '1' }
      inner:
        use: flow.steps
        steps:
          second: { use: flow.value, after: frist, with: { valeu: '1' } }
`),
    ).toEqual([
      '8 steps.groups.steps.first.use: unknown step type "flow.valu"; did you mean "flow.value"?',
      '9 steps.groups.steps.first.wiht: unknown key "wiht"; did you mean "with"?',
      '13 steps.groups.steps.inner.steps.second.after: there is no step "frist"; did you mean "first"?',
      '13 steps.groups.steps.inner.steps.second.with.value: is missing',
      '13 steps.groups.steps.inner.steps.second.with.valeu: unknown key "valeu"; did you mean "value"?',
    ]);
  });
});

describe('flows that a flow runs', () => {
  const steps = `  a: { use: flow.run, with: { flow: demo } }
  b: { use: flow.run, with: { flow: laod } }
  c: { use: flow.run, with: { flow: load, parameters: { dya: x, rows: many, note: '{{ today }}' } } }
  d: { use: flow.run, with: { flow: draft } }
  e: { use: flow.steps, steps: { f: { use: flow.run, with: { flow: around } } } }
  g: { use: flow.run, with: { flow: load } }
  h: { use: flow.run, with: { flow: secret } }
`;
  it('are there, take what they are given, and do not come back', async () => {
    expect(await check(steps)).toEqual([
      '4 steps.a.with.flow: is the flow itself: it would run itself without end',
      '~ 5 steps.b.with.flow: there is no flow "laod"; did you mean "load"?',
      '6 steps.c.with.parameters.dya: the flow "load" has no parameter "dya"; did you mean "day"?',
      '6 steps.c.with.parameters.rows: must be a whole number, not "many"',
      '6 steps.c.with.parameters: lacks the parameter day of the flow "load"',
      '~ 7 steps.d.with.flow: "draft" only has a draft',
      '~ 8 steps.e.steps.f.with.flow: runs this flow again: demo -> around -> further -> demo',
      '9 steps.g.with: lacks the parameter day of the flow "load"',
    ]);
  });

  it('must be those that the person may run', async () => {
    const only = '  b: { use: flow.run, with: { flow: laod } }\n  h: { use: flow.run, with: { flow: secret } }\n';
    expect(await check(only, { around: { absent: { ...everyoneSees, flows: 'error' } } })).toEqual([
      '4 steps.b.with.flow: there is no flow "laod" that you may use; did you mean "load"?',
      '5 steps.h.with.flow: there is no flow "secret" that you may use',
    ]);
    expect(await check(only, { around: { absent: { ...everyoneSees, flows: 'nothing' } } })).toEqual([]);
  });
});

describe('too much', () => {
  it('is 5,001 steps, those inside counted', async () => {
    const inner = Array.from({ length: 5_000 }, (_, index) => `s${index}: { use: x }`).join(', ');
    expect(await check(`  g: { use: flow.steps, steps: { ${inner} } }\n`)).toEqual(['3 steps: has 5,001 steps; at most 5,000 are allowed']);
  });
  it('is more than ten levels; fifty are not even read', async () => {
    const nest = (depth: number): string => (depth === 1 ? value() : `{ use: flow.steps, steps: { s${depth}: ${nest(depth - 1)} } }`);
    expect(await check(`  top: ${nest(10)}\n`)).toEqual([]);
    expect(await check(`  top: ${nest(25)}\n`)).toEqual(['3 steps: has steps on 25 levels; at most 10 are allowed']);
    expect((await check(`  top: ${nest(50)}\n`))[0]).toMatch('the text is nested deeper than 64 levels');
  });
  it('is a chain in which all ask for the first neither', async () => {
    const chain = Array.from(
      { length: 5_000 },
      (_, n) => `  s${n}: { use: flow.value${n > 0 ? `, after: s${n - 1}` : ''}, with: { value: '${n > 0 ? 'steps.s0.value' : '1'}' } }\n`,
    );
    expect(await check(chain.join(''))).toEqual([]);
  });
  it('is a group with 5,000 steps neither', async () => {
    const inner = Array.from(
      { length: 4_999 },
      (_, n) => `      s${n}: { use: flow.value${n > 0 ? `, after: s${n - 1}` : ''}, with: { value: 'item${n > 0 ? ` + steps.s${n - 1}.value` : ''}' } }\n`,
    );
    expect(await check(`  g:\n    use: flow.steps\n    each: { over: '[1]' }\n    steps:\n${inner.join('')}`)).toEqual([]);
  });
});

it('says of what it does not know that a newer version may', async () => {
  const { faults } = await validateFlow('flow: demo\ntitle: Demo\nquantum: true\nsteps:\n  a: { use: cloud.teleport }\n', surroundings);
  expect(faults.map(({ hint }) => hint)).toEqual([expect.stringContaining('newer version'), expect.stringContaining('newer version')]);
});

it('waits say for how long: what is not computed is looked at', async () => {
  const steps = `  a: { use: flow.sleep, with: { for: a while } }
  b: { use: flow.sleep, with: { until: tomorrow } }
  c: { use: flow.signal, with: { name: go, within: soon } }
  d: { use: flow.callback, with: { name: done, within: '{{ 1 + 1 }}h' } }
  e: { use: flow.sleep, with: { until: '{{ today }}T18:00:00Z' } }
  f: { use: flow.sleep, with: { for: 1h30m } }
`;
  const found = await check(steps);
  expect(found.map((fault) => fault.split(':').slice(0, 2).join(':'))).toEqual([
    '4 steps.a.with.for: is no duration',
    '5 steps.b.with.until: is no instant with a zone',
    '6 steps.c.with.within: is no duration',
  ]);
});

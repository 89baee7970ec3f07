// npm run bench documents: what a flow of 5,000 steps costs to read, check, plan, compare and explain, beside twice the same for half of it: 1 is in proportion, 2 is its square.
import { FlowDocument } from '../packages/contract/src/flow-document.ts';
import { diffDocuments } from '../packages/server/src/engine/flows/diff-documents.ts';
import { diffText } from '../packages/server/src/engine/flows/diff-text.ts';
import { parseFlow } from '../packages/server/src/engine/flows/parse.ts';
import { planFlow } from '../packages/server/src/engine/flows/plan.ts';
import { validateFlow } from '../packages/server/src/engine/flows/validate.ts';
import { explainRun } from '../packages/server/src/engine/runs/why/explain.ts';
import type { StepFacts } from '../packages/server/src/engine/runs/why/facts.ts';
import { stepTypes } from '../packages/steps/src/index.ts';
import { type BenchResult, report } from './report.ts';

const size = 5_000;
const rounds = 9;
const most = 1.5;
const types = new Map(stepTypes.map((type) => [type.type, type]));
const surroundings = {
  types,
  tableEngine: { check: async () => [] },
  targets: [],
  connections: [],
  files: ['x'],
  flows: { find: async () => [], names: async () => [] },
};

/** Each makes its input of that many steps first, and gives what is measured. */
const works: Record<string, (steps: number) => () => unknown> = {
  'read ten keys a step': (steps) => {
    const text = `x:\n${Array.from({ length: 10 * steps }, (_, at) => `  k${at}: 1\n`).join('')}`;
    return () => parseFlow(text);
  },
  'check a chain': (steps) => {
    const text = textOf(steps, (at) => (at === 0 ? '{ use: flow.value, with: { value: 1 } }' : `{ use: flow.value, after: s${at - 1}, with: { value: 1 } }`));
    return () => validateFlow(text, surroundings);
  },
  'check a ring': (steps) => {
    const text = textOf(steps, (at) => `{ use: table.limit, from: s${(at + 1) % steps}, with: { rows: 1 } }`);
    return () => validateFlow(text, surroundings);
  },
  'plan a chain of tables': (steps) => {
    const document = chain('s', steps, { use: 'table.limit', with: { rows: 1 } });
    return () => planFlow(document, types);
  },
  'compare, every step renamed': (steps) => {
    const [before, after] = [chain('a', steps, { use: 'x' }), chain('b', steps, { use: 'x' })];
    return () => diffDocuments(before, after);
  },
  'compare texts, eight lines a step, none in common': (steps) => {
    const [before, after] = ['a', 'b'].map((sign) => Array.from({ length: 8 * steps }, (_, at) => `${sign}${at}\n`).join(''));
    return () => diffText(before ?? '', after ?? '');
  },
  'explain a chain that failed': (steps) => {
    const facts = Array.from({ length: steps }, (_, at) => factsOf(at));
    return () => explain(facts);
  },
};

const results: BenchResult[] = [];
for (const [name, work] of Object.entries(works)) {
  const [whole, half] = [work(size), work(size / 2)];
  let [value, limit] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  // In turns, and of each the quickest: what else the machine does only adds.
  for (let round = 0; round < rounds; round++) {
    limit = Math.min(limit, 2 * (await measured(half)));
    value = Math.min(value, await measured(whole));
  }
  results.push({ name, value, unit: 'ms', limit, ratio: value / limit, goal: most, met: value / limit <= most });
}
report({ bench: 'documents', results });

async function measured(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function textOf(steps: number, step: (at: number) => string): string {
  return `flow: demo\ntitle: Demo\nsteps:\n${Array.from({ length: steps }, (_, at) => `  s${at}: ${step(at)}\n`).join('')}`;
}

/** Written from its last step to its first, which is the worst order for whoever follows it. */
function chain(prefix: string, steps: number, step: object): FlowDocument {
  const entries = Array.from({ length: steps }, (_, at) => {
    const place = steps - 1 - at;
    return [`${prefix}${place}`, place === 0 ? step : { ...step, from: `${prefix}${place - 1}` }];
  });
  return FlowDocument.parse({ flow: 'a', title: 'A', steps: Object.fromEntries(entries) });
}

function factsOf(at: number): StepFacts {
  const none = { reason: null, attempt: 0, startedAt: null, finishedAt: null, error: null, retries: [] };
  const after = at === 0 ? [] : [`s${at - 1}`];
  const state = at === 0 ? ('failed' as const) : ('skipped' as const);
  return { id: `s${at}`, unit: `s${at}`, predecessors: after, tag: 'default', when: null, mayFail: false, attempts: 1, ...none, state };
}

function explain(steps: StepFacts[]): unknown {
  const now = new Date();
  const run = { id: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11', number: 1, flow: 'f', createdAt: now, startedAt: null, finishedAt: null, error: null };
  const nothing = { jobs: [], leases: [], workers: [], paused: null, cancel: null, may: () => true };
  const nowhere = { waits: [], parked: [], hold: { paused: null, held: null } };
  return explainRun({ now, run: { ...run, state: 'failed' }, steps, ...nothing, ...nowhere });
}

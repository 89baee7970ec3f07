import { FlowDocument } from '@tidewheel/contract/flow-document';
import { stepTypes } from '@tidewheel/steps/index';
import { expect, test } from 'vitest';
import { planFlow } from '../flows/plan.ts';
import type { EndedItem } from './batch.ts';
import type { LockedRun } from './commit.store.ts';
import type { Lease, LiveRun } from './live-run.ts';
import { RunCommit } from './run-commit.ts';

const inside = { use: 'flow.signal', with: { name: 'go' } };
const document = FlowDocument.parse({ flow: 'f', title: 'f', steps: { group: { use: 'flow.steps', steps: { wait: inside } }, beside: inside } });
const plan = planFlow(document, new Map(stepTypes.map((type) => [type.type, type])));

/** The turn of `group` that opens its wait; `written`: the steps whose rows the database took. */
function opens(written: string[]) {
  const live = { id: 'run', plan, priority: 0, facts: new Map() } as unknown as LiveRun;
  const lease = { job: { id: 'job', tag: 'default' }, live, unit: 'group', attempt: 1, tried: 1 } as Lease;
  const at = new Date();
  const wait = { id: 'wait', step: 'group', kind: 'children' as const, name: null, reason: 'the run below it is not over', data: {}, until: null };
  const end = { steps: [], retry: null, wait, waiting: wait.reason, goesOn: true, startedAt: at, finishedAt: at };
  const item: EndedItem = { kind: 'ended', live, lease, end, saved: () => {}, lost: () => {} };
  const run = { id: 'run', workspace_id: 'workspace', state: 'running', event_seq: 1, paused_at: null, cancel_forced: false } as LockedRun;
  const commit = new RunCommit({ run, live, items: [item], worker: 'worker', isYielding: false });
  const standings = new Map([['beside', { state: 'waiting' as const }]]);
  commit.decide({ written: new Set(written), standings, held: { leases: [], children: 0 } });
  return { waits: commit.waits.map(({ step }) => step), next: commit.next.get(item), settled: commit.settled, jobs: commit.jobs };
}

test('a step waits and goes on with the runs below it', () => {
  expect(opens(['run/group'])).toEqual({ waits: ['group'], next: 'group', settled: [], jobs: [] });
});

test('a step that another turn of it has ended opens no wait, which nobody would end any more', () => {
  expect(opens([])).toEqual({ waits: [], next: null, settled: ['job'], jobs: [] });
});

// `--once`: runs the demo flows one after the other on the running server and tells what came of it in one line of JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import { finalRunStates, type Run } from '@tidewheel/contract/run';
import type { Actor } from '../base/actor.ts';
import type { RunsService } from '../engine/runs/runs.service.ts';

export interface FlowOutcome {
  flow: string;
  status: string;
  rows_in: number | null;
  rows_out: number | null;
  rejected: number;
  ms: number;
  artifacts: { name: string; sha256: string }[];
}

const pollMs = 25;

/** One after the other, so that each one's time is its own. `tell` gets a line for the reader after each. */
export async function runOnce(options: { runs: RunsService; actor: Actor; flows: string[]; tell(line: string): void }): Promise<FlowOutcome[]> {
  const outcomes: FlowOutcome[] = [];
  for (const flow of options.flows) {
    const run = await runToEnd({ ...options, flow });
    outcomes.push(await outcomeOf(options, run));
    options.tell(`${flow}: ${run.state} in ${outcomes.at(-1)?.ms} ms${run.error ? ` · ${run.error.message} ${run.error.hint ?? ''}` : ''}`);
  }
  return outcomes;
}

async function runToEnd({ runs, actor, flow }: { runs: RunsService; actor: Actor; flow: string }): Promise<Run> {
  const { id } = await runs.startRun(actor, { slug: flow, parameters: {} });
  for (;;) {
    const run = await runs.showRun(actor, id);
    if (finalRunStates.includes(run.state)) return run;
    await sleep(pollMs);
  }
}

async function outcomeOf({ runs, actor }: { runs: RunsService; actor: Actor }, run: Run): Promise<FlowOutcome> {
  const { items } = await runs.listArtifacts(actor, { run: run.id, limit: 200 });
  const artifacts = items.map(({ name, sha256 }) => ({ name, sha256 })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const ms = run.finishedAt && run.startedAt ? Date.parse(run.finishedAt) - Date.parse(run.startedAt) : 0;
  return { flow: run.flow, status: run.state, rows_in: run.rowsIn, rows_out: run.rowsOut, rejected: run.rejected, ms, artifacts };
}

// How an event of the live channel changes what the page shows, before the server is asked for the whole run again.
import type { Run, RunEvent, RunState, StepRun, StepState } from '@tidewheel/contract/run';
import type { StepProgress } from '@tidewheel/contract/step-progress';

const runStates: Partial<Record<RunEvent['type'], RunState>> = {
  'run.queued': 'queued',
  'run.started': 'running',
  'run.succeeded': 'succeeded',
  'run.failed': 'failed',
  'run.cancelling': 'cancelling',
  'run.cancelled': 'cancelled',
};
const stepStates: Partial<Record<RunEvent['type'], StepState>> = {
  'step.ready': 'ready',
  'step.started': 'running',
  'step.waiting': 'waiting',
  'step.resumed': 'running',
  'step.retrying': 'waiting',
  'step.succeeded': 'succeeded',
  'step.failed': 'failed',
  'step.skipped': 'skipped',
  'step.cancelled': 'cancelled',
  'step.compensated': 'compensated',
};

/** The run after the event; the same object when the event is older than what is shown. */
export function applyEvent(run: Run, event: RunEvent): Run {
  if (event.seq <= run.lastEvent) return run;
  const next: Run = { ...run, lastEvent: event.seq };
  const state = runStates[event.type];
  if (state) next.state = state;
  if (event.type === 'run.started') next.startedAt ??= event.at;
  if (state === 'succeeded' || state === 'failed' || state === 'cancelled') next.finishedAt ??= event.at;
  if (event.step !== null) next.steps = run.steps.map((step) => (step.step === event.step ? applyToStep(step, event) : step));
  return next;
}

function applyToStep(step: StepRun, event: RunEvent): StepRun {
  if (event.type === 'step.progressed') return { ...step, progress: event.data as StepProgress };
  const state = stepStates[event.type];
  if (!state) return step;
  const next: StepRun = { ...step, state, progress: null };
  if (event.type === 'step.started') {
    next.startedAt = event.at;
    next.finishedAt = null;
  }
  // A step that began and ended at once has one event for both.
  if (typeof event.data['startedAt'] === 'string') next.startedAt = event.data['startedAt'];
  if (state === 'succeeded' || state === 'failed' || state === 'cancelled') next.finishedAt = event.at;
  return next;
}

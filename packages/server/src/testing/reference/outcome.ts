// What the reference works on, and how a run must come out with those below it.
import type { FlowDocument, Step } from '@tidewheel/contract/flow-document';
import type { RunState, StepState } from '@tidewheel/contract/run';

/** `cancelled`: only of what a cancelled run left. */
export type StepOutcome = 'succeeded' | 'failed' | 'skipped' | 'compensated' | 'cancelled';

export interface ExpectedStep {
  state: StepOutcome;
  /** Null: none. Without identities and times. */
  value: unknown;
  /** How often it is tried when nobody dies meanwhile; 0 when it never began. */
  tries: number;
  /** It does something outside, and comes so far. */
  delivers: boolean;
  /** Branches it took. */
  branches: readonly string[];
  place: 'main' | 'undo' | 'end';
  /** What undoes it is written in the flow. */
  hasUndo: boolean;
}

/** How a step came out, without its place in the flow. */
export type Performed = Omit<ExpectedStep, 'place' | 'hasUndo'>;

export interface ExpectedRun {
  state: 'succeeded' | 'failed';
  steps: Map<string, ExpectedStep>;
  output: Record<string, unknown> | null;
  /** Of this run, by step, attempt and item. */
  below: Map<string, ExpectedRun>;
  /** Pairs of steps that can be undone: the second one is before the first, since it came after it. */
  undoOrder: [string, string][];
  /** The time of the step that it works for was over: it may have been cancelled. */
  mayBeCancelled?: boolean;
}

export function childKey(step: string, attempt: number, item: number): string {
  return `${step}.${attempt}.${item}`;
}

/**
 * What there is of a run that somebody may have cancelled: if so, what runs at its end goes by what is there. So does what follows a step whose time limit
 * may or may not have been over.
 */
export interface Left {
  state: RunState;
  steps: ReadonlyMap<string, { state: StepState; error: string | null }>;
  below: ReadonlyMap<string, Left>;
}

/** A flow, or the part of one that a run below another one runs. */
export interface Part {
  steps: Readonly<Record<string, Step>>;
  /** What the flow declares; undefined for a part of a flow, which gives what its last steps gave. */
  outputs?: FlowDocument['outputs'];
  isPart: boolean;
  names: Readonly<Record<string, unknown>>;
  /** What steps around it left. */
  around: ReadonlyMap<string, unknown>;
  flows: ReadonlyMap<string, FlowDocument>;
  left?: Left | undefined;
  /** The reference itself, for the runs below a step. */
  whole: (document: FlowDocument, given: Given) => ExpectedRun;
  inside: (part: Part) => ExpectedRun;
}

/** With what a run of a whole flow begins. */
export interface Given extends Pick<Part, 'flows' | 'left'> {
  parameters: Record<string, unknown>;
}

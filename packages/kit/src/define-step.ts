// A step type is one object made by defineStep (it does something) or defineTableStep (it is a node of the relational tree).
import type { Retry } from '@tidewheel/contract/flow-document';
import type { CsvOptions, RelationNode } from '@tidewheel/contract/relation';
import type { Permission } from '@tidewheel/contract/route';
import type { FileRef } from '@tidewheel/contract/values';
import type { z } from 'zod';
import type { StepContext, StepResult, Wake } from './step-context.ts';

export interface StepUi {
  title: string;
  group: string;
  /** A Tabler icon name without `Icon`, kebab-case: `terminal`. */
  icon: string;
  /** One line about a configured step; `{{field}}` stands for its configuration. */
  summary: string;
}

export interface StepInputs {
  min: number;
  /** null: any number of named inputs. */
  max: number | null;
  /** Names that must be used when there is more than one, e.g. left and right. */
  named?: readonly string[];
  carries: 'none' | 'table' | 'file' | 'any';
}

export interface StepExample<C> {
  title: string;
  config: C;
}

interface StepBase<C extends z.ZodType> {
  type: string;
  version: number;
  ui: StepUi;
  /** What it does, when to use it, what it refuses: markdown for the reference page. */
  description: string;
  config: C;
  inputs: StepInputs;
  produces: 'none' | 'table' | 'file' | 'value';
  examples: StepExample<z.input<C>>[];
  /** People decide on it: neither test data nor the result of an earlier run stands for that, but in a dry run. */
  byPeople?: boolean;
  /** Whoever writes it into a flow must hold this permission: a run acts for the flow, not for a person. */
  asks?: Permission;
  /** Brings a configuration of an older version up to this one, one version at a time; pure. */
  upgrade?(config: Record<string, unknown>, from: number): Record<string, unknown>;
}

export interface StepType<C extends z.ZodType = z.ZodType> extends StepBase<C> {
  where: 'inline';
  output?: z.ZodType;
  /** No side effects and the same result for the same input: may run ahead of the commit. */
  pure?: boolean;
  /** Its files become artifacts of the run. */
  artifacts?: boolean;
  retry?: z.input<typeof Retry>;
  /** It changes something outside this installation: in a dry run `dryRun` is called instead, or the step only says that it was left out. */
  effects?: boolean;
  /** What it would do, found out without changing anything. */
  dryRun?(config: z.output<C>, ctx: StepContext): Promise<StepResult>;
  /** The branches it can take: steps may come `after` each of them. Pure. */
  branches?(config: z.output<C>): string[];
  /** Its result may be `children`. */
  starts?: 'flow' | 'steps' | 'inside';
  /** Further faults of a configuration that a schema cannot say. Pure. */
  check?(config: z.output<C>): { path: string; message: string }[];
  run(config: z.output<C>, ctx: StepContext): Promise<StepResult>;
  /** Of a type whose result may be `wait`: goes on after it. */
  resume?(config: z.output<C>, ctx: StepContext, wake: Wake): Promise<StepResult>;
}

/** What a reading node reads, resolved in the worker just before its table job. */
export interface TableSource {
  path: string;
  /** What the source found out about its CSV file: wins over what the node says, but for the types of columns. */
  csv?: CsvOptions;
}

export interface PreparedConfig<C> {
  config: C;
  /** What it was prepared from, kept as files of the step: later steps find them at their input. */
  files?: FileRef[];
}

export interface TableStepType<C extends z.ZodType = z.ZodType> extends StepBase<C> {
  where: 'table';
  /** `write` nodes only: the written file becomes an artifact. */
  artifacts?: boolean;
  check?(config: z.output<C>): { path: string; message: string }[];
  /** Puts into the configuration what only the worker can look up, before `relation`. */
  prepare?(config: z.output<C>, ctx: StepContext): Promise<PreparedConfig<z.output<C>>>;
  /** The node this configuration means. Pure: the same for the same configuration. */
  relation(config: z.output<C>): RelationNode;
  /** Reading nodes only: finds the local file to read, with `ctx` as in an inline step. */
  source?(config: z.output<C>, ctx: StepContext): Promise<TableSource>;
}

export type AnyStepType = StepType | TableStepType;

/** Declares a step type that does something. */
export function defineStep<C extends z.ZodType>(step: Omit<StepType<C>, 'where'>): StepType<C> {
  return { ...step, where: 'inline' };
}
/** Declares a step type that is a node of the relational tree. */
export function defineTableStep<C extends z.ZodType>(step: Omit<TableStepType<C>, 'where'>): TableStepType<C> {
  return { ...step, where: 'table' };
}

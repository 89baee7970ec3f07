// A kind of trigger: what it is set up with, what its event holds, and (when it has to look for itself) how it looks.
import type { FileRef } from '@tidewheel/contract/values';
import type { z } from 'zod';
import type { FileSource } from './file-source.ts';
import type { SqlSession } from './sql-session.ts';
import type { NewFile, OpenConnection } from './step-context.ts';

/** Something that was seen and is remembered between looks: a file, a message. */
export interface TriggerItem {
  /** Of this trigger: a path, the id of a message. */
  key: string;
  /** Which one of that key: size and time of a file. */
  version: string;
  /** When this version was seen first. */
  since: Date;
  /** It has fired, or was there before the trigger: it does not fire again. */
  done: boolean;
}

/** What a look finds out about one event. */
export interface TriggerFinding {
  /** The same for the same event at any time, and for no other of this trigger: what was fired once is never fired again. At most 500 characters. */
  key: string;
  /** For people: `in/trades.csv`, `3 new rows`. */
  title: string;
  /** What expressions and the step `trigger.event` see as `event`; at most 64 KB of JSON. */
  event: Record<string, unknown>;
  /** Kept files, as the step `trigger.event` hands them on. */
  files?: FileRef[];
  /** It cannot fire, and why: it is kept in the history, and nothing is started. */
  refused?: string;
}

/** All that a look changes is kept in one transaction with the runs that it starts, or not at all. */
export interface TriggerLook {
  findings: TriggerFinding[];
  /** Instead of the memory that was given. */
  memory?: Record<string, unknown> | undefined;
  /** Items that are new or differ from what was given. */
  items?: TriggerItem[] | undefined;
  /** Keys of items that are not there any more. */
  gone?: string[] | undefined;
  /** What is there and does not fire yet, and why. */
  waiting?: { title: string; why: string }[] | undefined;
  /** There is more than one look takes: look again at once. */
  more?: boolean | undefined;
}

export interface TriggerContext {
  workspaceId: string;
  now: Date;
  signal: AbortSignal;
  /** What the look before left; null before the first one. */
  memory: Record<string, unknown> | null;
  /** Of the items that are remembered, those of these keys; all without keys. */
  items(keys?: string[]): Promise<Map<string, TriggerItem>>;
  connection(slug: string): Promise<OpenConnection>;
  /** @throws InvalidInput when a connection of this type holds no files */
  files(connection: OpenConnection): FileSource;
  /** @throws InvalidInput when a connection of this type is no database */
  withDatabase<T>(connection: OpenConnection, work: (session: SqlSession) => Promise<T>): Promise<T>;
  /** Puts a file into the object store. In a test nothing is kept. */
  keep(file: NewFile, content: Uint8Array): Promise<FileRef>;
  /** Somebody tries it out: nothing may be changed anywhere, and what is found is only shown. */
  isTest: boolean;
}

/** What somebody who tries a trigger out is told. */
export interface TriggerTestReport {
  ok: boolean;
  /** In one sentence. */
  summary: string;
  /** What would fire now, or what waits, one line each. */
  lines: { title: string; detail: string }[];
}

interface TriggerBase<C extends z.ZodType> {
  kind: string;
  title: string;
  /** A Tabler icon name without `Icon`, kebab-case. */
  icon: string;
  description: string;
  config: C;
  /** What `event` holds, field by field. */
  event: z.ZodObject;
  examples: { title: string; config: z.input<C> }[];
  /** Further faults of a configuration that a schema cannot say. Pure. */
  check?(config: z.output<C>): { path: string; message: string }[];
}

/** One that the engine looks after now and then, in one place at a time. */
export interface PollingTrigger<C extends z.ZodType = z.ZodType> extends TriggerBase<C> {
  how: 'look';
  /** Seconds between two looks, as configured. */
  everySeconds(config: z.output<C>): number;
  /** @throws AppError when it cannot look; it is tried again later, with growing pauses */
  look(config: z.output<C>, ctx: TriggerContext): Promise<TriggerLook>;
  /** Really connects, and says what a look would fire now. Nothing is changed. */
  test(config: z.output<C>, ctx: TriggerContext): Promise<TriggerTestReport>;
}

/** One that is told: `call` by HTTP, `end` by the end of a run. The engine itself does the rest. */
export interface ToldTrigger<C extends z.ZodType = z.ZodType> extends TriggerBase<C> {
  how: 'call' | 'end';
}

export type TriggerType = PollingTrigger | ToldTrigger;

/** Declares a kind that looks for itself. */
export function definePollingTrigger<C extends z.ZodType>(trigger: Omit<PollingTrigger<C>, 'how'>): PollingTrigger<C> {
  return { ...trigger, how: 'look' };
}
/** Declares a kind that is told. */
export function defineToldTrigger<C extends z.ZodType>(trigger: ToldTrigger<C>): ToldTrigger<C> {
  return trigger;
}

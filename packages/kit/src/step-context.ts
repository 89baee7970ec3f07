// All that a step sees of the world.
import type { ApprovalAsked } from '@tidewheel/contract/approval';
import type { CheckOutcome, FileRef, Preview, RowCounts, TableRef } from '@tidewheel/contract/values';
import type { BackupDesk } from './backup-desk.ts';
import type { ColorDesk } from './color-desk.ts';
import type { OpenTarget, TargetFacts, TargetSelection } from './define-transport.ts';
import type { StepMail } from './step-mail.ts';

/**
 * Writes to the log of the run, at once and without waiting. A line is cut at 100,000 characters. Of one attempt 1,000,000 lines and 100 MB are kept, and of lines
 * that come faster than they can be stored some are left out; the log says how many. Warnings and errors have room of their own.
 */
export interface StepLog {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** An opened connection: its configuration, and its secret for this attempt only (the redactor knows its values until the attempt ends). */
export interface OpenConnection {
  slug: string;
  type: string;
  config: Record<string, unknown>;
  secret: Record<string, unknown> | null;
}

export interface NewFile {
  /** File name without any folder. */
  name: string;
  mediaType: string;
}

export interface Files {
  /** Puts a stream or bytes into the object store; the name is kept as metadata. @returns its reference with SHA-256, MD5 and size. */
  put(file: NewFile, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<FileRef>;
  /** A local read-only path of the file, fetched when the store is remote. Valid until the attempt ends. */
  localPath(file: FileRef): Promise<string>;
  read(file: FileRef): AsyncIterable<Uint8Array>;
  /** A file that a person uploaded, by slug. @throws NotFound */
  uploaded(slug: string): Promise<FileRef>;
  /** An empty folder of this attempt's own, removed when it ends. */
  scratch(): Promise<string>;
}

/** One row: column name to value. BIGINT, HUGEINT and DECIMAL come as strings; dates and timestamps as ISO text. */
export type Row = Record<string, unknown>;

export interface Tables {
  /** Rows of a stored table in its stored order, streamed in batches. */
  rows(table: TableRef, options?: { columns?: string[]; batch?: number }): AsyncIterable<Row[]>;
  preview(table: TableRef, limit?: number): Promise<Preview>;
}

/** The inputs by name (`input` when `from` is one step): what the named step produced. */
export interface StepInput {
  step: string;
  table?: TableRef | undefined;
  files: FileRef[];
  value?: unknown;
}

/** One delivery attempt to be kept with the run: who got which file, and what they confirmed. */
export interface DeliveryRecord {
  file: FileRef;
  connection: string;
  destination: string;
  state: 'delivered' | 'failed';
  startedAt: Date;
  ms: number;
  receipt?: Record<string, unknown> | undefined;
  error?: string | undefined;
}

/** With what a trigger started the run. */
export interface StartEvent {
  /** What its expressions see as `event`. */
  data: Record<string, unknown>;
  /** What came with it and was kept. */
  files: FileRef[];
}

export interface StepContext {
  run: { id: string; number: number; flow: string; workspaceId: string };
  step: string;
  attempt: number;
  /** Nothing outside may be changed: a step type with `dryRun` tells what it would do, one without effects does as ever. */
  isDry: boolean;
  /** Who started the run, by e-mail address or name. */
  startedBy: string;
  /** The same for every attempt of this step in this run: `<run>:<step>`. Give it to receivers that know idempotency keys. */
  idempotencyKey: string;
  /** The frozen instant at which the run started. */
  now: Date;
  /** What time it is, by the clock that the whole installation goes by (that of its database): for limits of waits. */
  clock(): Promise<Date>;
  /** The frozen business date in the flow's zone, `YYYY-MM-DD`. */
  today: string;
  parameters: Record<string, unknown>;
  inputs: Record<string, StepInput>;
  signal: AbortSignal;
  log: StepLog;
  files: Files;
  tables: Tables;
  connection(slug: string): Promise<OpenConnection>;
  /** What a step was given to sign in with on its way (an access token): kept out of logs, errors and values as an opened secret is, until the attempt ends. Before its first use. */
  keepSecret(value: string): void;
  /** A host by name or id, opened for this attempt. @throws NotFound naming the closest one, Conflict while it is in maintenance */
  target(name: string): Promise<OpenTarget>;
  /** Hosts that fit, in order of name, without opening them. @throws InvalidInput for a condition that is none */
  findTargets(selection: TargetSelection): Promise<TargetFacts[]>;
  /** The color desk of the workspace. */
  colors: ColorDesk;
  /** The backups of the workspace. */
  backups: BackupDesk;
  /** The mail of this installation. */
  mail: StepMail;
  /** The value of a CEL expression over parameters, `steps`, `run`, `now`, `today`, and `locals` by name (declared on the field: `locals`). @throws InvalidInput */
  evaluate(expression: string, locals?: Record<string, unknown>): unknown;
  /** The event of the trigger that started the outermost run; null when none did. */
  event(): Promise<StartEvent | null>;
  /** Runs `work` once for this step of this run: its JSON result (at most 64 KB) is durable before this resolves, and every later attempt gets it back. */
  once<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Tells who watches how far it is. Call it as often as you like: the engine passes on what is newest now and then, with the time it will still take. */
  progress(done: ProgressReport): void;
  /** Keeps a delivery attempt, durable even when the step fails afterwards. */
  recordDelivery(record: DeliveryRecord): Promise<void>;
}

/** What a step waits for. It takes no worker meanwhile: its `resume` is called when it is over, by whatever worker is free then. */
export interface StepWait {
  /** timer: for `until`; signal and callback: for one called `name`; approval: for a decision. */
  kind: 'timer' | 'signal' | 'callback' | 'approval';
  /** In one sentence, for who asks why nothing happens. */
  reason: string;
  /** When it ends at the latest. */
  until?: Date | undefined;
  name?: string | undefined;
  /** Of an approval: who is asked for what. The engine binds it to what came before, and ends it by what they decide. */
  approval?: ApprovalAsked | undefined;
  /** What `resume` gets back; at most 64 KB of JSON. */
  data?: Record<string, unknown>;
}

/** How a wait ended. */
export interface Wake {
  by: 'time' | 'answer';
  /** What was sent with a signal, a callback or a decision; null when the time ran out. */
  answer: unknown;
  /** Who sent it. */
  who: string | null;
  at: Date;
  /** As the wait was given it. */
  data: Record<string, unknown>;
}

/** Runs that a step starts below its own. It ends when they have: its value is what they gave. */
export interface StepChildren {
  /** Another flow, with parameters. `waits: false`: the step ends as soon as it is started. */
  flow?: { slug: string; parameters: Record<string, unknown>; waits: boolean };
  /** Steps as a flow document has them, decided on now. */
  steps?: Record<string, unknown>;
  /** The steps written inside the step. */
  inside?: true;
}

/** How far a step is: what it has done so far, counted from the start of the step. Numbers below 0 are passed over. */
export interface ProgressReport {
  bytes?: number;
  rows?: number;
  items?: number;
  /** How much there is in all, in the unit of the first of `bytes`, `rows`, `items` that is given. The percentage follows from it. */
  total?: number;
  /** 0 to 100, where no total is known. */
  percent?: number;
}

/** What a step returns. Files named here become artifacts when the step type says `artifacts: true`. */
export interface StepResult {
  value?: unknown;
  files?: FileRef[];
  /** The files become artifacts of the run, of a step type that does not say so for all of its files. */
  artifacts?: boolean;
  counts?: RowCounts;
  checks?: CheckOutcome[];
  /** Facts kept with each artifact this step makes (validation result, record count …). */
  metadata?: Record<string, unknown>;
  /** The branches it takes, of those its type declares. Steps after its other branches are skipped. */
  branches?: string[];
  /** It has not ended but waits; nothing else of the result counts. */
  wait?: StepWait;
  /** It ends when these have; nothing else of the result counts. */
  children?: StepChildren;
}

// Runs one inline step outside the engine, for tests: real files in a temporary folder, the far side as real as the test makes it.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { defaultColorOrder } from '@tidewheel/contract/color-rule';
import { defaultColorSheet } from '@tidewheel/contract/color-sheet';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { Column, FileRef, TableRef } from '@tidewheel/contract/values';
import type { z } from 'zod';
import type { BackupDesk } from './backup-desk.ts';
import type { ColorDesk } from './color-desk.ts';
import type { StepType } from './define-step.ts';
import type { OpenTarget, TargetFacts } from './define-transport.ts';
import { HarnessStore } from './harness-store.ts';
import type { DeliveryRecord, OpenConnection, ProgressReport, Row, StartEvent, StepContext, StepInput, StepResult } from './step-context.ts';
import type { StepMail } from './step-mail.ts';

export interface HarnessFile {
  name: string;
  mediaType?: string;
  content: string | Uint8Array;
}
/** What an input carries: the rows of a table, files, a value. */
export interface HarnessInput {
  /** Rows as `ctx.tables.rows` gives them: 64-bit integers and decimals as text. */
  rows?: Iterable<Row>;
  /** The columns; taken from the first row as VARCHAR when omitted. */
  columns?: Column[];
  files?: HarnessFile[];
  value?: unknown;
}

export interface HarnessOptions {
  inputs?: Record<string, HarnessInput>;
  connections?: Record<string, { type: string; config: Record<string, unknown>; secret?: Record<string, unknown> | null }>;
  /** Hosts that a step may open, by name. */
  targets?: Record<string, Omit<OpenTarget, 'id' | 'name'>>;
  /** What looking for hosts finds, whatever is asked. */
  foundTargets?: TargetFacts[];
  /** What the color desk answers. */
  colors?: Partial<ColorDesk>;
  /** What the mail of the installation answers. */
  mail?: Partial<StepMail>;
  /** What the backups of the workspace answer. */
  backups?: Partial<BackupDesk>;
  /** Uploaded files by slug. */
  uploads?: Record<string, HarnessFile>;
  /** With what a trigger started the run. */
  event?: { data: Record<string, unknown>; files: HarnessFile[] };
  parameters?: Record<string, unknown>;
  /** The value of each CEL expression that the step asks for; templates in `config` are given rendered. */
  expressions?: Record<string, unknown>;
  now?: Date;
  today?: string;
  attempt?: number;
  signal?: AbortSignal;
  /** What `ctx.isDry` says: of a step with effects its `dryRun` is run. */
  isDry?: boolean;
  /** Results of `ctx.once` of earlier attempts; pass the outcome's map to play a second attempt. */
  once?: Map<string, unknown>;
  /** Made by `newTrace`: holds what the step did even when it throws. */
  trace?: HarnessTrace;
}

export interface HarnessOutcome extends AsyncDisposable {
  result: StepResult;
  logs: { level: 'debug' | 'info' | 'warn' | 'error'; text: string }[];
  deliveries: DeliveryRecord[];
  /** What the step said of how far it was, all of it. */
  progress: ProgressReport[];
  /** What the step said must not be shown. */
  secrets: string[];
  once: Map<string, unknown>;
  /** The content of a file that the step put. */
  content(file: FileRef): Promise<Buffer>;
}

/** What a step did, also when it threw: that is often the point of a test. */
export type HarnessTrace = Pick<HarnessOutcome, 'logs' | 'deliveries' | 'progress' | 'secrets' | 'once'>;
export function newTrace(): HarnessTrace {
  return { logs: [], deliveries: [], progress: [], secrets: [], once: new Map() };
}

/**
 * Runs `step` with `config` (checked by its schema and its `check`, defaults filled in). Declare the outcome with `await using`:
 * its temporary folder goes with it. What the step throws is thrown on, and the folder is gone by then.
 */
export async function runStep<C extends z.ZodType>(step: StepType<C>, config: z.input<C>, options: HarnessOptions = {}): Promise<HarnessOutcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-step-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const trace = options.trace ?? newTrace();
    for (const [name, value] of options.once ?? []) trace.once.set(name, value);
    const store = new HarnessStore(path.join(folder, 'objects'));
    const ctx = await makeContext({ step: step.type, folder, store, options, trace });
    const parsed = parseConfig(step, config);
    const isLeftOut = options.isDry === true && step.effects === true;
    const result = isLeftOut ? await (step.dryRun?.(parsed, ctx) ?? {}) : await step.run(parsed, ctx);
    return { ...trace, result, content: (file) => readFile(store.path(file.sha256)), [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function parseConfig<C extends z.ZodType>(step: StepType<C>, config: z.input<C>): z.output<C> {
  const parsed = step.config.safeParse(config);
  const faults = parsed.success
    ? (step.check?.(parsed.data) ?? [])
    : parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  if (faults.length > 0 || !parsed.success)
    throw new InvalidInput('step.config', faults.map((fault) => `${fault.path}: ${fault.message}`).join('; '), { details: { faults } });
  return parsed.data;
}

interface Setting {
  step: string;
  folder: string;
  store: HarnessStore;
  options: HarnessOptions;
  trace: HarnessTrace;
}

async function makeContext({ step, folder, store, options, trace }: Setting): Promise<StepContext> {
  const uploads = new Map<string, FileRef>();
  for (const [slug, file] of Object.entries(options.uploads ?? {})) uploads.set(slug, await putFile(store, file));
  const inputs: Record<string, StepInput> = {};
  for (const [name, input] of Object.entries(options.inputs ?? {})) inputs[name] = await makeInput(store, name, input);
  const log = (level: HarnessTrace['logs'][number]['level']) => (text: string) => void trace.logs.push({ level, text });
  let scratch: Promise<string> | undefined;
  const now = options.now ?? new Date('2026-11-18T18:00:00.000Z');
  return {
    run: { id: '019a0000-0000-7000-8000-000000000001', number: 1, flow: 'harness', workspaceId: '019a0000-0000-7000-8000-000000000002' },
    step: 'subject',
    attempt: options.attempt ?? 1,
    isDry: options.isDry ?? false,
    startedBy: 'harness',
    idempotencyKey: `harness:${step}`,
    now,
    clock: async () => new Date(),
    today: options.today ?? now.toISOString().slice(0, 10),
    parameters: options.parameters ?? {},
    inputs,
    signal: options.signal ?? new AbortController().signal,
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    files: {
      put: (file, content) => store.put(file, content instanceof Uint8Array ? [content] : content),
      localPath: async (file) => store.path(file.sha256),
      read: (file) => store.read(file.sha256),
      uploaded: async (slug) => found(uploads.get(slug), 'file.unknown', `There is no uploaded file "${slug}".`),
      // One folder of the attempt, however often it is asked for: as the engine gives it.
      scratch: () => (scratch ??= mkdtemp(path.join(folder, 'scratch-'))),
    },
    tables: {
      rows: (table, rowOptions) => readRows(store, table, rowOptions),
      preview: (table, limit = 100) => previewRows(store, table, limit),
    },
    connection: async (slug) => openConnection(options, slug),
    target: async (name) => ({ id: name, name, ...found(options.targets?.[name], 'target.unknown', `There is no target "${name}".`) }),
    findTargets: async () => options.foundTargets ?? [],
    colors: colorsOf(options),
    mail: {
      runLink: async () => 'https://tidewheel.example/w/main/runs/1',
      membersOf: async () => [],
      enqueue: async () => {},
      sent: async () => [],
      ...options.mail,
    },
    backups: {
      make: async () => {
        throw new NotFound('backup.none', 'The test gives no backups.');
      },
      ...options.backups,
    },
    evaluate: (expression) => {
      if (expression in (options.expressions ?? {})) return options.expressions?.[expression];
      throw new InvalidInput('expression.unknown', `The test gives no value for the expression ${expression}.`);
    },
    event: async () => eventOf(store, options.event),
    once: async (name, work) => {
      if (!trace.once.has(name)) trace.once.set(name, JSON.parse(JSON.stringify((await work()) ?? null)));
      return trace.once.get(name) as Awaited<ReturnType<typeof work>>;
    },
    keepSecret: (value) => void trace.secrets.push(value),
    progress: (done) => void trace.progress.push({ ...done }),
    recordDelivery: async (record) => void trace.deliveries.push(record),
  };
}

function found<T>(value: T | undefined, code: string, message: string): T {
  if (value === undefined) throw new NotFound(code, message);
  return value;
}
function openConnection(options: HarnessOptions, slug: string): OpenConnection {
  const connection = found(options.connections?.[slug], 'connection.unknown', `There is no connection "${slug}".`);
  return { slug, type: connection.type, config: connection.config, secret: connection.secret ?? null };
}
function putFile(store: HarnessStore, { name, mediaType = 'application/octet-stream', content }: HarnessFile): Promise<FileRef> {
  return store.put({ name, mediaType }, [typeof content === 'string' ? Buffer.from(content) : content]);
}

async function eventOf(store: HarnessStore, event: HarnessOptions['event']): Promise<StartEvent | null> {
  return event ? { data: event.data, files: await Promise.all(event.files.map((file) => putFile(store, file))) } : null;
}

async function makeInput(store: HarnessStore, name: string, input: HarnessInput): Promise<StepInput> {
  const files: FileRef[] = [];
  for (const file of input.files ?? []) files.push(await putFile(store, file));
  if (!input.rows) return { step: name, files, value: input.value };
  return { step: name, files, value: input.value, table: await storeTable(store, input.rows, input.columns) };
}

// The engine keeps tables as Parquet; the harness has no table engine and keeps JSON lines. Steps see rows only, never the format.
async function storeTable(store: HarnessStore, rows: Iterable<Row>, columns: Column[] | undefined): Promise<TableRef> {
  let count = 0;
  let first: Row | undefined;
  function* lines(): Generator<Uint8Array> {
    for (const row of rows) {
      first ??= row;
      count++;
      yield Buffer.from(`${JSON.stringify(row)}\n`);
    }
  }
  const file = await store.put({ name: 'table', mediaType: 'application/x-ndjson' }, lines());
  const shape = columns ?? Object.keys(first ?? {}).map((name) => ({ name, type: 'VARCHAR' }));
  return { kind: 'table', sha256: file.sha256, rows: count, bytes: file.size, columns: shape };
}

async function* readRows(store: HarnessStore, table: TableRef, { columns, batch = 1_000 }: { columns?: string[]; batch?: number } = {}): AsyncIterable<Row[]> {
  const names = columns ?? table.columns.map((column) => column.name);
  let rows: Row[] = [];
  for await (const line of createInterface({ input: store.read(table.sha256) as NodeJS.ReadableStream & AsyncIterable<Uint8Array> })) {
    const whole = JSON.parse(line) as Row;
    rows.push(Object.fromEntries(names.map((name) => [name, whole[name] ?? null])));
    if (rows.length === batch) {
      yield rows;
      rows = [];
    }
  }
  if (rows.length > 0) yield rows;
}

async function previewRows(store: HarnessStore, table: TableRef, limit: number) {
  const rows: unknown[][] = [];
  for await (const batch of readRows(store, table)) {
    for (const row of batch.slice(0, limit - rows.length)) rows.push(table.columns.map((column) => row[column.name]));
    if (rows.length >= limit) break;
  }
  return { columns: table.columns, rows, truncated: table.rows > rows.length };
}

function colorsOf(options: HarnessOptions): ColorDesk {
  return {
    ruleSet: async () => ({ rules: [], order: defaultColorOrder }),
    sheet: async () => defaultColorSheet,
    arranged: async () => null,
    collect: async () => noDesk('collect'),
    take: () => noDesk('give'),
    keep: async () => noDesk('keep'),
    ...options.colors,
  };
}

function noDesk(what: string): never {
  throw new InvalidInput('color.no_desk', `The test gives no color desk that can ${what}.`);
}

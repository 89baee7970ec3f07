// Builds the StepContext of one attempt, and cleans up what it opened.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import { fileNameFault } from '@tidewheel/contract/file-name';
import { type FileRef, valueLimitBytes } from '@tidewheel/contract/values';
import type { DeliveryRecord, Files, StepContext, StepInput, Tables } from '@tidewheel/kit/step-context';
import { redactor } from '../../base/redactor.ts';
import { storableJson } from '../../base/text.ts';
import { evaluate } from '../expressions/evaluate.ts';
import type { PlannedStep } from '../flows/plan.ts';
import { noBackups } from '../no-backups.ts';
import { noMail } from '../no-mail.ts';
import type { Item } from './batch.ts';
import { databaseNow } from './database-clock.ts';
import { type Lease, scopeOf } from './live-run.ts';
import type { AddItem, EngineServices } from './services.ts';
import { findStartEvent } from './start-event.store.ts';
import { attemptLog } from './step-log.ts';
import { attemptProgress } from './step-progress.ts';
import { waitOut } from './wait-out.ts';

export interface AttemptContext {
  ctx: StepContext;
  /** Forgets secrets and removes scratch folders. */
  close(): Promise<void>;
}

export function attemptContext(options: { lease: Lease; planned: PlannedStep; signal: AbortSignal; services: EngineServices; add: AddItem }): AttemptContext {
  const { lease, planned, signal, services, add } = options;
  const { live } = lease;
  const cleanUps: (() => unknown)[] = [];
  const scratch = scratchFolder(services.scratch, cleanUps);
  const { close: closeLog, ...log } = attemptLog({ lease, step: planned.id, add });
  const progress = attemptProgress({ lease, step: planned.id, add });
  cleanUps.push(closeLog, progress.close);
  const ctx: Omit<StepContext, 'colors' | 'mail' | 'backups'> = {
    run: { id: live.id, number: live.number, flow: live.flow, workspaceId: live.workspaceId },
    step: planned.id,
    attempt: lease.attempt,
    isDry: live.mode === 'dry',
    startedBy: live.startedBy,
    idempotencyKey: `${live.id}:${planned.id}`,
    now: live.now,
    clock: () => waitOut(() => databaseNow(services.pool), signal),
    today: live.today,
    parameters: live.parameters,
    inputs: inputsOf(lease, planned),
    signal,
    log,
    files: filesFor({ workspaceId: live.workspaceId, services, scratch, signal }),
    tables: tablesFor({ workspaceId: live.workspaceId, services, signal }),
    connection: async (slug) => opened(await waitOut(() => services.connections.open(live.workspaceId, slug, { runId: live.id }), signal), cleanUps),
    keepSecret: secretKeeper(cleanUps),
    target: async (name) => opened(await waitOut(() => services.targets.open(live.workspaceId, name, { runId: live.id }), signal), cleanUps),
    findTargets: (selection) => waitOut(() => services.targets.find(live.workspaceId, selection), signal),
    evaluate: (expression, locals) => {
      const scope = scopeOf(live);
      return evaluate(expression, locals ? { ...scope, locals: { ...scope.locals, ...locals } } : scope);
    },
    event: () => waitOut(() => findStartEvent(services.pool, live.rootId), signal),
    once: (name, work) => once({ name, work, step: planned.id, lease, services, add, signal }),
    progress: progress.report,
    recordDelivery: (record) => recordDelivery({ record, step: planned.id, lease, add }),
  };
  return {
    ctx: { ...ctx, colors: services.colors.desk(ctx), mail: (services.mail ?? noMail).of(ctx), backups: (services.backups ?? noBackups).desk(ctx) },
    close: async () => void (await Promise.allSettled(cleanUps.reverse().map(async (cleanUp) => cleanUp()))),
  };
}

/** A token that every page of an answer is asked for with is watched once. */
function secretKeeper(cleanUps: (() => unknown)[]): (value: string) => void {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return;
    known.add(value);
    cleanUps.push(redactor.watch([value]));
  };
}

function opened<T>({ release, ...rest }: T & { release(): void }, cleanUps: (() => unknown)[]): Omit<T, 'release'> {
  cleanUps.push(release);
  return rest as Omit<T, 'release'>;
}

function inputsOf(lease: Lease, planned: PlannedStep): Record<string, StepInput> {
  return Object.fromEntries(
    Object.entries(planned.inputs).map(([name, step]) => {
      const output = lease.live.facts.get(step)?.output;
      return [name, { step, table: output?.table, files: output?.files ?? [], value: output?.value }];
    }),
  );
}

function scratchFolder(root: string, cleanUps: (() => unknown)[]): () => Promise<string> {
  let made: Promise<string> | null = null;
  const make = async () => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(path.join(root, 'step-'));
    cleanUps.push(() => rm(folder, { recursive: true, force: true }));
    return folder;
  };
  return () => (made ??= make());
}

function filesFor({
  workspaceId,
  services,
  scratch,
  signal,
}: {
  workspaceId: string;
  services: EngineServices;
  scratch: () => Promise<string>;
  signal: AbortSignal;
}): Files {
  return {
    async put(file, content) {
      const stored = await services.objects.put(workspaceId, content instanceof Uint8Array ? single(content) : content);
      return { kind: 'file', name: safeName(file.name), mediaType: file.mediaType, ...stored } satisfies FileRef;
    },
    localPath: (file) => services.objects.localPath(workspaceId, file.sha256),
    async *read(file) {
      yield* await services.objects.read(workspaceId, file.sha256);
    },
    uploaded: (slug) => waitOut(() => services.uploads.find(workspaceId, slug), signal),
    scratch,
  };
}

async function* single(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

function safeName(name: string): string {
  const fault = fileNameFault(name);
  if (fault !== undefined) {
    throw new InvalidInput('file.name', `"${name.slice(0, 80)}" is not a file name: it ${fault}`, {
      hint: 'Use a name without folders, slashes and control characters, at most 255 characters long.',
    });
  }
  return name;
}

function tablesFor({ workspaceId, services, signal }: { workspaceId: string; services: EngineServices; signal: AbortSignal }): Tables {
  return {
    async *rows(table, options = {}) {
      yield* services.tables.rows(await services.objects.localPath(workspaceId, table.sha256), { ...options, signal });
    },
    async preview(table, limit = 100) {
      const { total, ...preview } = await services.tables.page(await services.objects.localPath(workspaceId, table.sha256), { offset: 0, limit });
      return { ...preview, truncated: total > preview.rows.length };
    },
  };
}

async function once<T>(options: {
  name: string;
  work: () => Promise<T>;
  step: string;
  lease: Lease;
  services: EngineServices;
  add: AddItem;
  signal: AbortSignal;
}): Promise<T> {
  const { name, work, step, lease, services, add, signal } = options;
  const read = () =>
    services.pool.query<{ result: T }>('select result from step_once where run_id = $1 and step_id = $2 and name = $3', [lease.live.id, step, name]);
  const known = await waitOut(read, signal);
  if (known.rows[0]) return known.rows[0].result;
  const value = await work();
  const result = storableJson(value);
  if (Buffer.byteLength(result) > valueLimitBytes)
    throw new InvalidInput('step.once_too_large', `the result of "${name}" takes more than 64 KB`, { hint: 'Put large results into a file or table.' });
  await new Promise<void>((resolve, reject) => add({ kind: 'once', live: lease.live, step, name, result, saved: resolve, lost: reject }));
  return value;
}

function recordDelivery({ record, step, lease, add }: { record: DeliveryRecord; step: string; lease: Lease; add: AddItem }): Promise<void> {
  const clean = {
    ...record,
    receipt: redactor.deep(record.receipt),
    error: record.error === undefined ? undefined : redactor.text(record.error),
    destination: redactor.text(record.destination),
  };
  return new Promise((saved, lost) => add({ kind: 'delivery', live: lease.live, step, attempt: lease.attempt, record: clean, saved, lost } satisfies Item));
}

/** A stable name for a unit's working folder. */
export function scratchName(lease: Lease): string {
  return `${lease.live.id}-${createHash('sha256').update(lease.unit).digest('hex').slice(0, 8)}-${lease.attempt}-${lease.job.lost}`;
}

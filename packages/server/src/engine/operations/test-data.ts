// Test data in place of what steps would have given: kept like real results, so that whatever comes after them cannot tell.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError, InvalidInput } from '@tidewheel/contract/errors';
import type { FlowDocument, Step } from '@tidewheel/contract/flow-document';
import { allSteps } from '@tidewheel/contract/flow-steps';
import type { FileFormat, RelationNode } from '@tidewheel/contract/relation';
import type { RunMode } from '@tidewheel/contract/run';
import type { TestData } from '@tidewheel/contract/start-options';
import { type FileRef, valueLimitBytes } from '@tidewheel/contract/values';
import { type Actor, may } from '../../base/actor.ts';
import { systemClock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { storableJson } from '../../base/text.ts';
import type { Databases } from '../../storage/database.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import type { StoredOutput } from '../../storage/schema.ts';
import type { TableEngine, TableJobNode } from '../../storage/tables/table-engine.ts';
import type { StepTypes, UploadedFilePort } from '../ports.ts';
import type { GivenStep } from '../worker/new-run.store.ts';

export interface TestDataDependencies {
  databases: Databases;
  types: StepTypes;
  objects: ObjectStore;
  tables: TableEngine;
  uploads: UploadedFilePort;
  scratch: string;
}

interface Given {
  document: FlowDocument;
  testData: Record<string, TestData>;
  mode?: RunMode | undefined;
}

/** @throws InvalidInput `test_data.*` naming the step, and what the table engine says of rows that are none */
export async function givenOf(deps: TestDataDependencies, actor: Actor, { document, testData, mode }: Given): Promise<GivenStep[]> {
  const given: GivenStep[] = [];
  for (const [step, data] of Object.entries(testData)) {
    const declared = document.steps[step];
    if (!Object.hasOwn(document.steps, step) || !declared) throw unknownStep(document, step);
    if (mode === 'normal' && [...allSteps({ [step]: declared })].some((one) => deps.types.get(one.step.use)?.byPeople)) throw decidedByPeople(step);
    const output = await outputOf(deps, actor, { id: step, step: declared, data });
    given.push({ step, use: declared.use, state: 'succeeded', reason: 'test data', output, from: null });
  }
  return given;
}

interface One {
  id: string;
  step: Step;
  data: TestData;
}

async function outputOf(deps: TestDataDependencies, actor: Actor, one: One): Promise<StoredOutput> {
  const { id, step, data } = one;
  const produces = step.each || step.repeat ? 'value' : deps.types.get(step.use)?.produces;
  if (produces === 'none' || produces === undefined) throw unfit(one, 'gives nothing that test data could stand for');
  if ('value' in data) {
    if (produces !== 'value') throw unfit(one, `gives a ${produces}, not a value`);
    return { value: smallValue(id, data.value) };
  }
  if (produces === 'value') throw unfit(one, 'gives a value, not a table or a file');
  if (produces === 'table') return tableOf(deps, actor, one);
  if ('file' in data) return { files: [await uploaded(deps, actor, { id, slug: data.file })] };
  throw unfit(one, 'gives a file: name an uploaded one');
}

async function tableOf(deps: TestDataDependencies, actor: Actor, { id, step, data }: One): Promise<StoredOutput> {
  await mkdir(deps.scratch, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(deps.scratch, 'test-data-'));
  try {
    const nodes = await nodesOf(deps, actor, { id, step, data, folder });
    const out = path.join(folder, newId());
    await mkdir(out);
    const now = systemClock.now();
    const job = { nodes, parameters: {}, now, today: now.toISOString().slice(0, 10), timeZone: 'UTC', folder: out };
    const { nodes: results } = await deps.tables.run(job, { signal: AbortSignal.timeout(60_000) });
    const [result] = nodes.slice(-1).map((node) => results[node.id]);
    if (!result?.table || result.counts.rejected > 0) throw badRows(id, result?.counts.rejected ?? 0);
    const stored = await deps.objects.putFile(actor.workspaceId, result.table.path);
    await keep(deps, { workspace: actor.workspaceId, ...stored });
    const { rows, columns } = result.table;
    return {
      table: { kind: 'table', sha256: stored.sha256, bytes: stored.size, rows, columns },
      counts: { rowsIn: rows, rowsOut: rows, dropped: 0, rejected: 0 },
    };
  } catch (thrown) {
    throw thrown instanceof AppError ? at(id, thrown) : thrown;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads it, and gives the columns the types that the step declares for them. */
async function nodesOf(deps: TestDataDependencies, actor: Actor, { id, step, data, folder }: One & { folder: string }): Promise<TableJobNode[]> {
  const types = declaredTypes(step);
  const read = (format: FileFormat, file: string): TableJobNode => ({
    id,
    node: { op: 'read', format, ...(format === 'csv' ? { csv: { types } } : {}), onRowError: 'fail' } satisfies RelationNode,
    inputs: { input: { stored: { path: file, format } } },
    keep: true,
  });
  if ('file' in data) {
    const file = await uploaded(deps, actor, { id, slug: data.file });
    return [read(formatOf(id, file), await deps.objects.localPath(actor.workspaceId, file.sha256))];
  }
  const file = path.join(folder, 'rows');
  if ('csv' in data) {
    await writeFile(file, data.csv);
    return [read('csv', file)];
  }
  const rows = 'rows' in data ? data.rows : [];
  await writeFile(file, JSON.stringify(rows));
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0)
    throw new InvalidInput('test_data.no_columns', `testData.${id}: its rows have no columns.`, { hint: 'Give each row as an object: {"isin": "…"}.' });
  const columns = names.map((column) => ({ column, ...(types[column] ? { type: types[column] } : {}) }));
  const typed: TableJobNode = { id: `${id}_typed`, node: { op: 'select', columns, onRowError: 'fail' }, inputs: { input: { node: id } }, keep: true };
  return [{ ...read('json', file), keep: false }, typed];
}

function declaredTypes({ with: config }: Step): Record<string, string> {
  const csv = config['csv'];
  const types = typeof csv === 'object' && csv !== null ? (csv as { types?: unknown }).types : undefined;
  return Object.fromEntries(Object.entries(types ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

async function uploaded({ uploads }: TestDataDependencies, actor: Actor, { id, slug }: { id: string; slug: string }): Promise<FileRef> {
  const found = (await uploads.list(actor.workspaceId)).find((file) => file.slug === slug);
  if (found && may(actor, 'file.read', { file: slug, uploadedBy: found.uploadedBy })) return uploads.find(actor.workspaceId, slug);
  throw new InvalidInput('test_data.file_unknown', `testData.${id}: there is no uploaded file "${slug}" that you may use.`, {
    hint: 'Upload it first: `tidewheel file upload`.',
  });
}

function formatOf(id: string, { name, mediaType }: FileRef): FileFormat {
  const ending = path.extname(name).toLowerCase();
  if (ending === '.csv' || ending === '.tsv' || mediaType === 'text/csv') return 'csv';
  if (['.json', '.ndjson', '.jsonl'].includes(ending) || mediaType === 'application/json') return 'json';
  if (ending === '.parquet') return 'parquet';
  throw new InvalidInput('test_data.format', `testData.${id}: ${name} is no CSV, JSON or Parquet file by its name.`, {
    hint: 'Name it .csv, .json or .parquet.',
  });
}

async function keep({ databases }: TestDataDependencies, { workspace, sha256, size }: { workspace: string; sha256: string; size: number }): Promise<void> {
  await databases.enginePool.query('insert into object (workspace_id, sha256, size) values ($1, $2, $3) on conflict do nothing', [workspace, sha256, size]);
}

function smallValue(id: string, value: unknown): unknown {
  const text = storableJson(value ?? null);
  if (Buffer.byteLength(text) <= valueLimitBytes) return JSON.parse(text);
  throw new InvalidInput('test_data.too_large', `testData.${id}: a value takes at most 64 KB.`, { hint: 'Give a smaller one, or rows.' });
}

function unknownStep(document: FlowDocument, step: string): InvalidInput {
  return new InvalidInput('test_data.step_unknown', `testData: the flow ${document.flow} has no step ${step}.`, {
    hint: `Its steps are ${Object.keys(document.steps).slice(0, 20).join(', ')}.`,
  });
}
function decidedByPeople(step: string): InvalidInput {
  return new InvalidInput('test_data.decision', `People decide on the step ${step}: no test data stands for that in a run that changes something.`, {
    hint: 'Start a dry run, or leave it out.',
  });
}

function unfit({ id, step }: One, why: string): InvalidInput {
  return new InvalidInput('test_data.unfit', `testData.${id}: a step ${step.use} ${why}.`, {
    hint: 'Give rows or a file for a table, a file for a file, a value for a value.',
  });
}
function badRows(id: string, rejected: number): InvalidInput {
  return new InvalidInput('test_data.rows', `testData.${id}: ${rejected} rows do not fit the columns of the step.`, {
    hint: 'See the declared types of the step.',
  });
}

function at(id: string, { code, message, hint, details }: AppError): InvalidInput {
  if (message.startsWith('testData.')) return new InvalidInput(code, message, { ...(hint === undefined ? {} : { hint }), ...(details ? { details } : {}) });
  return new InvalidInput('test_data.unreadable', `testData.${id}: ${message}`, { ...(hint === undefined ? {} : { hint }) });
}

// A real table engine for tests, and short ways to say what a job is.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RelationNode } from '@tidewheel/contract/relation';
import { createLogger } from '../../../base/logger.ts';
import { createTableEngine, type LocalTableEngine, type TableEngineOptions } from '../create-table-engine.ts';
import type { SqlParameter, StepPercent, TableJob, TableJobNode, TableJobResult } from '../table-engine.ts';

export interface TableHarness {
  engine: LocalTableEngine;
  folder: string;
  /** Writes a file beside the jobs and gives its path. */
  file(name: string, content: string | Uint8Array): Promise<string>;
  run(
    nodes: TableJobNode[],
    options?: { parameters?: Record<string, SqlParameter>; memory?: string; signal?: AbortSignal; progress?: (done: StepPercent) => void },
  ): Promise<TableJobResult & { folder: string }>;
  /** All rows of a Parquet file the job made. */
  rows(file: string | undefined): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function tableHarness(options: Partial<TableEngineOptions> = {}): Promise<TableHarness> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-tables-'));
  const engine = createTableEngine({
    processes: 1,
    memoryLimit: '512MB',
    scratch: folder,
    log: createLogger({ role: 'test', level: 'silent' }),
    threads: 2,
    ...options,
  });
  let jobs = 0;
  return {
    engine,
    folder,
    async file(name, content) {
      const target = path.join(folder, name);
      await writeFile(target, content);
      return target;
    },
    async run(nodes, { parameters = {}, memory, signal = new AbortController().signal, ...watched } = {}) {
      const job: TableJob = {
        nodes,
        parameters,
        now: new Date('2026-11-20T10:00:00Z'),
        today: '2026-11-20',
        timeZone: 'Europe/Berlin',
        folder: path.join(folder, `job-${++jobs}`),
        memory,
      };
      await mkdir(job.folder);
      return { ...(await engine.run(job, { signal, ...watched })), folder: job.folder };
    },
    async rows(file) {
      const all: Record<string, unknown>[] = [];
      if (file !== undefined) for await (const batch of engine.rows(file, {})) all.push(...batch);
      return all;
    },
    async close() {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function read(id: string, file: string, node: Partial<Extract<RelationNode, { op: 'read' }>> = {}, keep = false): TableJobNode {
  const format = node.format ?? (file.endsWith('.parquet') ? 'parquet' : file.endsWith('json') ? 'json' : 'csv');
  return { id, node: { op: 'read', onRowError: 'reject', ...node, format }, inputs: { input: { stored: { path: file, format } } }, keep };
}

/** `from`: a node, or nodes by input name. */
export function step(id: string, from: string | Record<string, string>, node: RelationNode, keep = false): TableJobNode {
  const names = typeof from === 'string' ? { input: from } : from;
  return { id, node, inputs: Object.fromEntries(Object.entries(names).map(([name, source]) => [name, { node: source }])), keep };
}

export function write(id: string, from: string, name: string, node: Partial<Extract<RelationNode, { op: 'write' }>> = {}): TableJobNode {
  const format = name.endsWith('.parquet') ? 'parquet' : name.endsWith('json') ? 'json' : 'csv';
  return step(id, from, { op: 'write', format, name, ...node });
}

export function textOf(result: TableJobResult, id: string): Promise<string> {
  return readFile(result.nodes[id]?.file?.path ?? '', 'utf8');
}

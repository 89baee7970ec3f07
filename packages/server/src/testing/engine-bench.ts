// An engine on a fresh database with step types that a test gives: the smallest place in which real runs run.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NotFound } from '@tidewheel/contract/errors';
import { FlowDocument } from '@tidewheel/contract/flow-document';
import { permissions } from '@tidewheel/contract/route';
import { finalRunStates, type Run, type RunEvent, type RunSummary } from '@tidewheel/contract/run';
import { runEventData } from '@tidewheel/contract/run-events';
import { type AnyStepType, defineStep } from '@tidewheel/kit/define-step';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import type { Actor } from '../base/actor.ts';
import { newId } from '../base/ids.ts';
import { createLogger } from '../base/logger.ts';
import { type Engine, startEngine } from '../engine/engine.ts';
import { noColors } from '../engine/no-colors.ts';
import { noTargets } from '../engine/no-targets.ts';
import type { ColorPort, ConnectionPort, StepTypes, TargetPort } from '../engine/ports.ts';
import type { RunsService } from '../engine/runs/runs.service.ts';
import { type DatabaseAddress, type Databases, inWorkspace } from '../storage/database.ts';
import { createLocalStore } from '../storage/objects/local-store.ts';
import type { ObjectStore } from '../storage/objects/object-store.ts';
import { createTableEngine } from '../storage/tables/create-table-engine.ts';
import type { TableEngine } from '../storage/tables/table-engine.ts';
import { type FreshDatabase, freshDatabase } from './database.ts';

export type TestRun = (config: Record<string, unknown>, ctx: StepContext) => Promise<StepResult>;

/** Steps, and whatever else a flow document may hold; a name and title are given to it. */
export interface BenchDocument {
  steps: Record<string, object>;
  [field: string]: unknown;
}

export interface EngineBench {
  databases: Databases;
  address: DatabaseAddress;
  runs: RunsService;
  engine: Engine;
  objects: ObjectStore;
  tables: TableEngine;
  types: StepTypes;
  actor: Actor;
  /** Saves a flow and gives its slug. */
  apply(document: BenchDocument): Promise<string>;
  start(document: BenchDocument, parameters?: Record<string, unknown>): Promise<RunSummary>;
  until(run: string, met: (run: Run) => boolean): Promise<Run>;
  ended(run: string): Promise<Run>;
  events(run: string): Promise<RunEvent[]>;
  close(): Promise<void>;
}

export function testStep(type: string, run: TestRun, { pure = false } = {}): AnyStepType {
  return defineStep({
    type,
    version: 1,
    ui: { title: type, group: 'Test', icon: 'flask', summary: type },
    description: 'For tests.',
    config: z.record(z.string(), z.unknown()),
    inputs: { min: 0, max: null, carries: 'any' },
    produces: 'value',
    pure,
    examples: [],
    run: (config, ctx) => run(config, ctx),
  });
}

export async function insertFlow(
  databases: Databases,
  { workspaceId, document }: { workspaceId: string; document: FlowDocument },
): Promise<{ flowId: string; versionId: string }> {
  const flowId = newId();
  const versionId = newId();
  await inWorkspace(databases.app, workspaceId, async (trx) => {
    const steps = Object.keys(document.steps).length;
    await trx
      .insertInto('flow')
      .values({
        workspace_id: workspaceId,
        id: flowId,
        slug: document.flow,
        title: document.title,
        kind: document.kind,
        description: null,
        newest_version: 1,
        step_count: steps,
        archived_at: null,
      })
      .execute();
    await trx
      .insertInto('flow_version')
      .values({
        workspace_id: workspaceId,
        id: versionId,
        flow_id: flowId,
        version: 1,
        source: '',
        document: JSON.stringify(document),
        hash: '',
        created_by: 'test',
      })
      .execute();
  });
  return { flowId, versionId };
}

export function testActor(workspaceId: string): Actor {
  return { userId: null, label: 'test', workspaceId, role: 'admin', permissions: new Set(permissions) };
}

export interface EngineBenchOptions {
  steps: Record<string, TestRun>;
  types?: readonly AnyStepType[];
  /** Of its worker. */
  concurrency?: number;
  /** Hosts; without it there are none. */
  targets?: TargetPort;
  /** Real connections; without it there are none. */
  connections?(fresh: FreshDatabase): Promise<ConnectionPort>;
  /** The real color desk; without it there is none. */
  colors?(parts: { databases: Databases; objects: ObjectStore }): ColorPort;
}

export async function startEngineBench({
  steps,
  types = [],
  concurrency = 100,
  connections,
  colors,
  targets = noTargets,
}: EngineBenchOptions): Promise<EngineBench> {
  const fresh = await freshDatabase({ size: 8 });
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-engine-'));
  const log = createLogger({ role: 'test', level: process.env['TIDEWHEEL_TEST_LOG'] ?? 'fatal' });
  const all: StepTypes = new Map([...types, ...Object.entries(steps).map(([type, run]) => testStep(type, run))].map((type) => [type.type, type]));
  const tables = createTableEngine({ processes: 1, memoryLimit: '256MB', scratch: path.join(folder, 'tables'), log });
  const missing = (slug: string) => new NotFound('test.none', `There is no ${slug} here.`);
  const objects = await createLocalStore(path.join(folder, 'objects'));
  const engine = await startEngine({
    databases: fresh.databases,
    types: all,
    objects,
    tables,
    connections: (await connections?.(fresh)) ?? { open: async (_, slug) => Promise.reject(missing(slug)), list: async () => [] },
    targets,
    uploads: { find: async (_, slug) => Promise.reject(missing(slug)), list: async () => [] },
    colors: colors?.({ databases: fresh.databases, objects }) ?? noColors,
    scratch: path.join(folder, 'scratch'),
    callbackAddress: (run) => `http://127.0.0.1/api/callbacks/${run}`,
    log,
    worker: { tags: ['default'], concurrency },
    supervise: true,
  });
  const actor = testActor(fresh.workspaceId);
  const apply: EngineBench['apply'] = async (document) => {
    const slug = `f-${newId().slice(-12)}`;
    await insertFlow(fresh.databases, { workspaceId: fresh.workspaceId, document: FlowDocument.parse({ flow: slug, title: slug, ...document }) });
    return slug;
  };
  const until: EngineBench['until'] = async (run, met) => {
    for (const began = Date.now(); Date.now() - began < 60_000; ) {
      const now = await engine.runs.showRun(actor, run);
      if (met(now)) return now;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`run ${run} did not get there: ${JSON.stringify(await engine.runs.showRun(actor, run))}`);
  };
  return {
    databases: fresh.databases,
    address: fresh.address,
    runs: engine.runs,
    engine,
    objects,
    tables,
    types: all,
    actor,
    apply,
    start: async (document, parameters = {}) => engine.runs.startRun(actor, { slug: await apply(document), parameters }),
    until,
    ended: (run) => until(run, (now) => finalRunStates.includes(now.state)),
    events: (run) => engine.runs.listEvents(actor, { run, after: 0, limit: 1_000 }),
    close: async () => {
      await engine.stop({ graceMs: 200 });
      await tables.close();
      const unfit = await unfitEvents(fresh.databases);
      await fresh.drop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      if (unfit.length > 0) throw new Error(`events that do not fit their schema (contract/run-events.ts): ${unfit.join('\n')}`);
    },
  };
}

/** What whichever test made the engine write must be what the contract says of each type. */
async function unfitEvents({ enginePool }: Databases): Promise<string[]> {
  const { rows } = await enginePool.query<Pick<RunEvent, 'type' | 'data'>>('select distinct type, data from run_event limit 20000');
  const faults = rows.flatMap(({ type, data }) => {
    const parsed = runEventData[type].safeParse(data);
    return parsed.success
      ? []
      : [`${type}: ${parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}: ${JSON.stringify(data)}`];
  });
  return faults.slice(0, 20);
}

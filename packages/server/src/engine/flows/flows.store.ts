// The only SQL of flows and their versions.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { countSteps } from '@tidewheel/contract/flow-steps';
import type { Page } from '@tidewheel/contract/page';
import type { RunState } from '@tidewheel/contract/run';
import { type Expression, type Selectable, type SqlBool, sql } from 'kysely';
import { storable } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { FlowTable, FlowVersionTable } from '../../storage/schema.ts';
import type { StepVersions } from './upgrade.ts';

export type LockedFlow = Selectable<FlowTable>;
export type FlowRow = LockedFlow & {
  last_run_id: string | null;
  last_run_state: RunState | null;
  last_run_finished_at: Date | null;
  draft_now: number | null;
  draft_errors: number | null;
  draft_saved_by: string | null;
  draft_saved_at: Date | null;
};
export type VersionRow = Selectable<FlowVersionTable>;

/** What rules can say of a flow, by the column that holds it. */
export const flowColumns = { flow: 'flow.slug', folder: 'flow.folder', kind: 'flow.kind' };
/** The same of a flow's last run. */
export const lastRunColumns = { ...flowColumns, startedBy: 'run.started_by' };

/** What the caller may see of flows and of their runs: permittedRows over the columns above. */
export interface Permitted {
  flows: Expression<SqlBool>;
  runs: Expression<SqlBool>;
}

export interface FlowFilter {
  folder?: string | undefined;
  kind?: FlowDocument['kind'] | undefined;
  search?: string | undefined;
  /** True: only archived ones; false: only the others. */
  archived: boolean;
  sort: 'title' | '-updatedAt';
}

const sorts: Record<FlowFilter['sort'], Sort> = {
  title: {
    name: 'title',
    keys: [
      { column: 'flow.title', type: 'text', direction: 'asc' },
      { column: 'flow.id', type: 'uuid', direction: 'asc' },
    ],
  },
  '-updatedAt': {
    name: '-updatedAt',
    keys: [
      { column: 'flow.updated_at', type: 'timestamptz', direction: 'desc' },
      { column: 'flow.id', type: 'uuid', direction: 'asc' },
    ],
  },
};
const newestFirst: Sort = { name: '-version', keys: [{ column: 'flow_version.version', type: 'bigint', direction: 'desc' }] };
/** What is to be exported, with its text. */
export function findNewest(
  trx: WorkspaceTransaction,
  asked: { slugs?: string[] | undefined; folder?: string | undefined; kind?: FlowDocument['kind'] | undefined; flows: Expression<SqlBool>; limit: number },
): Promise<{ slug: string; source: string }[]> {
  let query = trx
    .selectFrom('flow')
    .innerJoin('flow_version', (join) =>
      join
        .onRef('flow_version.workspace_id', '=', 'flow.workspace_id')
        .onRef('flow_version.flow_id', '=', 'flow.id')
        .onRef('flow_version.version', '=', 'flow.newest_version'),
    )
    .where(asked.flows)
    .where('flow.archived_at', 'is', null);
  if (asked.slugs) query = query.where('flow.slug', 'in', asked.slugs);
  if (asked.kind !== undefined) query = query.where('flow.kind', '=', asked.kind);
  if (asked.folder !== undefined) query = query.where(insideFolder(asked.folder));
  return query.select(['flow.slug', 'flow_version.source']).orderBy('flow.slug').limit(asked.limit).execute();
}

function insideFolder(folder: string) {
  return sql<SqlBool>`(flow.folder = ${folder} or starts_with(flow.folder, ${`${folder}/`}))`;
}

/** A version may be 2 MB long. */
const mostVersions = 20;

/** How a draft did when it was tested says nothing of the flow. */
const isNoTest = sql<SqlBool>`(select tried.version > 0 from flow_version tried where tried.workspace_id = run.workspace_id and tried.id = run.version_id)`;

function flowsWithLastRun(trx: WorkspaceTransaction, runs: Expression<SqlBool>) {
  return trx
    .selectFrom('flow')
    .leftJoinLateral(
      (join) =>
        join
          .selectFrom('run')
          .select(['run.id', 'run.state', 'run.finished_at'])
          .whereRef('run.workspace_id', '=', 'flow.workspace_id')
          .whereRef('run.flow_id', '=', 'flow.id')
          .where('run.parent_id', 'is', null)
          .where(runs)
          .where(isNoTest)
          .orderBy('run.id', 'desc')
          .limit(1)
          .as('last_run'),
      (join) => join.onTrue(),
    )
    .leftJoin('flow_draft', (join) => join.onRef('flow_draft.workspace_id', '=', 'flow.workspace_id').onRef('flow_draft.flow_id', '=', 'flow.id'))
    .selectAll('flow')
    .select(['flow_draft.revision as draft_now', 'flow_draft.errors as draft_errors'])
    .select(['flow_draft.saved_by as draft_saved_by', 'flow_draft.saved_at as draft_saved_at'])
    .select(['last_run.id as last_run_id', 'last_run.state as last_run_state', 'last_run.finished_at as last_run_finished_at']);
}

export function findFlows(
  trx: WorkspaceTransaction,
  { permitted, ...filter }: FlowFilter & { permitted: Permitted },
  page: PageRequest,
): Promise<Page<FlowRow>> {
  const shown = sql<SqlBool>`flow.archived_at ${filter.archived ? sql`is not null` : sql`is null`} and ${permitted.flows}`;
  let query = flowsWithLastRun(trx, permitted.runs).where(shown);
  let counted = trx.selectFrom('flow').select('flow.id').where(shown);
  if (filter.folder !== undefined) {
    const inside = insideFolder(filter.folder);
    query = query.where(inside);
    counted = counted.where(inside);
  }
  if (filter.kind !== undefined) {
    query = query.where('flow.kind', '=', filter.kind);
    counted = counted.where('flow.kind', '=', filter.kind);
  }
  if (filter.search) {
    const matches = matching(filter.search);
    query = query.where(matches);
    counted = counted.where(matches);
  }
  return readPage({ db: trx, query, counted, sort: sorts[filter.sort], page });
}

function matching(search: string) {
  const pattern = `%${storable(search).replace(/[\\%_]/g, String.raw`\$&`)}%`;
  return sql<SqlBool>`(flow.slug ilike ${pattern} or flow.title ilike ${pattern} or flow.description ilike ${pattern})`;
}

export type ChangingFlow = Pick<Selectable<FlowTable>, 'id' | 'slug' | 'folder' | 'kind' | 'archived_at' | 'off_at' | 'off_reason'>;

/** By name in whatever state, else as the list shows them. `lock`: until the transaction ends, in one order, so that two such calls wait for each other. */
export function findChangingFlows(
  trx: WorkspaceTransaction,
  {
    names,
    filter,
    permitted,
    most,
    lock,
  }: { names: string[] | undefined; filter: Partial<Omit<FlowFilter, 'sort'>>; permitted: Expression<SqlBool>; most: number; lock: boolean },
): Promise<ChangingFlow[]> {
  let query = trx
    .selectFrom('flow')
    .select(['flow.id', 'flow.slug', 'flow.folder', 'flow.kind', 'flow.archived_at', 'flow.off_at', 'flow.off_reason'])
    .where(permitted)
    .orderBy('flow.id')
    .limit(most);
  if (names !== undefined) query = query.where('flow.slug', 'in', names);
  else query = query.where('flow.archived_at', filter.archived ? 'is not' : 'is', null);
  if (filter.folder !== undefined) query = query.where(insideFolder(filter.folder));
  if (filter.kind !== undefined) query = query.where('flow.kind', '=', filter.kind);
  if (filter.search) query = query.where(matching(filter.search));
  return (lock ? query.forUpdate() : query).execute();
}

export function findFlow(trx: WorkspaceTransaction, slug: string, runs: Expression<SqlBool>): Promise<FlowRow | undefined> {
  return flowsWithLastRun(trx, runs).where('flow.slug', '=', slug).executeTakeFirst();
}

/** The flow of this slug, and nobody else may change it until the transaction ends. */
export function lockFlow(trx: WorkspaceTransaction, slug: string): Promise<Selectable<FlowTable> | undefined> {
  return trx.selectFrom('flow').selectAll().where('slug', '=', slug).forUpdate().executeTakeFirst();
}

/** The slugs there are for the caller, to offer the closest one to who mistyped. */
export async function listSlugs(trx: WorkspaceTransaction, flows: Expression<SqlBool>): Promise<string[]> {
  const rows = await trx.selectFrom('flow').select('slug').where(flows).limit(2_000).execute();
  return rows.map((row) => row.slug);
}

/** Those of these that are not archived, with their newest version's document. */
export function findTargets(
  trx: WorkspaceTransaction,
  slugs: readonly string[],
): Promise<(Pick<LockedFlow, 'slug' | 'folder' | 'kind'> & { document: FlowDocument | null })[]> {
  return trx
    .selectFrom('flow')
    .leftJoin('flow_version', (join) =>
      join
        .onRef('flow_version.workspace_id', '=', 'flow.workspace_id')
        .onRef('flow_version.flow_id', '=', 'flow.id')
        .onRef('flow_version.version', '=', 'flow.newest_version'),
    )
    .where('flow.slug', '=', sql<string>`any(${slugs}::text[])`)
    .where('flow.archived_at', 'is', null)
    .select(['flow.slug', 'flow.folder', 'flow.kind', 'flow_version.document'])
    .execute();
}

/** What a flow's row repeats of its newest version, or of its draft as long as there is none, so that lists need not read documents. */
function summaryOf(document: FlowDocument | null, slug: string) {
  if (!document) return { title: slug, kind: 'pipeline' as const, folder: null, description: null, step_count: 0 };
  return {
    title: document.title,
    kind: document.kind,
    folder: document.folder ?? null,
    description: document.description ?? null,
    step_count: countSteps(document),
  };
}

/** Without a version. @returns undefined when somebody else made a flow of that slug at the same time; it is committed then, so lockFlow finds it */
export function insertFlow(
  trx: WorkspaceTransaction,
  { workspaceId, id, slug, document }: { workspaceId: string; id: string; slug: string; document: FlowDocument | null },
): Promise<LockedFlow | undefined> {
  return trx
    .insertInto('flow')
    .values({ workspace_id: workspaceId, id, slug, newest_version: 0, archived_at: null, ...summaryOf(document, slug) })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function setNewestVersion(
  trx: WorkspaceTransaction,
  { flowId, version, document }: { flowId: string; version: number; document: FlowDocument },
): Promise<void> {
  await trx
    .updateTable('flow')
    .set({ newest_version: version, updated_at: sql<Date>`now()`, ...summaryOf(document, document.flow) })
    .where('id', '=', flowId)
    .execute();
}

/** What lists show of a flow that only has a draft. */
export async function setSummary(trx: WorkspaceTransaction, { flow, document }: { flow: LockedFlow; document: FlowDocument }): Promise<void> {
  await trx.updateTable('flow').set(summaryOf(document, flow.slug)).where('id', '=', flow.id).execute();
}

export interface NewVersion {
  workspaceId: string;
  id: string;
  flowId: string;
  version: number;
  source: string;
  document: FlowDocument;
  stepVersions: StepVersions;
  hash: string;
  createdBy: string;
}

export function insertVersion(trx: WorkspaceTransaction, made: NewVersion): Promise<VersionRow> {
  const { workspaceId, id, flowId, version, source, document, stepVersions, hash, createdBy } = made;
  return trx
    .insertInto('flow_version')
    .values({
      workspace_id: workspaceId,
      id,
      flow_id: flowId,
      version,
      source,
      document: JSON.stringify(document),
      step_versions: JSON.stringify(stepVersions),
      hash,
      created_by: storable(createdBy),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function findVersion(trx: WorkspaceTransaction, { flowId, version }: { flowId: string; version: number }): Promise<VersionRow | undefined> {
  return trx.selectFrom('flow_version').selectAll().where('flow_id', '=', flowId).where('version', '=', version).executeTakeFirst();
}

export function findVersions(
  trx: WorkspaceTransaction,
  flowId: string,
  page: PageRequest,
): Promise<Page<Pick<VersionRow, 'version' | 'hash' | 'created_at' | 'created_by' | 'source'>>> {
  const query = trx
    .selectFrom('flow_version')
    .select(['version', 'hash', 'created_at', 'created_by', 'source'])
    .where('flow_id', '=', flowId)
    .where('version', '>', 0);
  const counted = trx.selectFrom('flow_version').select('id').where('flow_id', '=', flowId).where('version', '>', 0);
  return readPage({ db: trx, query, counted, sort: newestFirst, page: { ...page, limit: Math.min(page.limit, mostVersions) } });
}

/** Archiving what is archived, or restoring what is not, changes nothing. @returns whether it changed */
export async function setArchived(trx: WorkspaceTransaction, { slug, archived }: { slug: string; archived: boolean }): Promise<boolean> {
  const result = await trx
    .updateTable('flow')
    .set({ archived_at: archived ? sql<Date>`now()` : null, updated_at: sql<Date>`now()` })
    .where('slug', '=', slug)
    .where('archived_at', archived ? 'is' : 'is not', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Null: on. @returns whether it changed; a flow that is off already stays off by whom and for what it was */
export async function setSwitch(trx: WorkspaceTransaction, { id, off }: { id: string; off: { by: string; reason: string } | null }): Promise<boolean> {
  const result = await trx
    .updateTable('flow')
    .set({ off_at: off ? sql<Date>`now()` : null, off_by: off && storable(off.by), off_reason: off && storable(off.reason), updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('off_at', off ? 'is' : 'is not', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

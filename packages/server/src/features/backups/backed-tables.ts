// Which tables a backup takes, and which of their rows. A test holds both lists against the database, so that a new table is decided about.
import type { BackupScope } from '@tidewheel/contract/backup';

interface Taken {
  /** Which rows, as SQL over `t`; left out: all of the workspace. `$workspace` stands for its id. */
  rows?: string;
  /** Which of them belong to the desk. false: none. */
  desk: boolean | string;
}

/** Runs of the desk's flows with what they started below them, once the outermost has ended: such a run needs no place in the queue. */
const deskRuns = `select r.id from run r join run outermost on outermost.id = coalesce(r.root_id, r.id)
  join flow f on f.workspace_id = outermost.workspace_id and f.id = outermost.flow_id
  where r.workspace_id = $workspace and f.kind = 'color' and outermost.state in ('succeeded', 'failed', 'cancelled')`;
const ofDeskRuns = { rows: `t.run_id in (${deskRuns})`, desk: true };
/** Of the kind color, and whatever those runs were of. */
const deskFlows = `select f.id from flow f where f.workspace_id = $workspace and
  (f.kind = 'color' or f.id in (select r.flow_id from run r where r.id in (${deskRuns})) or f.id in (select s.flow_id from color_settings s where s.workspace_id = $workspace))`;
const ofDeskFlows = `t.flow_id in (${deskFlows})`;
/** The template of the sheet, and what the desk's flows name. */
const deskFiles = `t.slug in (select s.sheet ->> 'template' from color_settings s where s.workspace_id = $workspace)
  or exists (select from flow_version v where v.workspace_id = $workspace and v.flow_id in (${deskFlows}) and position(t.slug in v.source) > 0)`;

const files = (which: string) => `
  select f.sha256 from stored_file f where f.workspace_id = $workspace and ${which.replaceAll('t.slug', 'f.slug')}
  union select u.sha256 from color_upload u where u.workspace_id = $workspace and u.sha256 is not null
  union select c.sha256 from color_upload_chunk c where c.workspace_id = $workspace
  union select a.sha256 from artifact a where a.workspace_id = $workspace and a.run_id in (${deskRuns})
  union select l.sha256 from log_chunk l where l.workspace_id = $workspace and l.run_id in (${deskRuns})
  union select o.sha256 #>> '{}' from step_run s cross join lateral (
    select jsonb_path_query(s.output, '$.table.sha256') union all select jsonb_path_query(s.output, '$.rejected.sha256') union all select jsonb_path_query(s.output, '$.files[*].sha256')
  ) as o(sha256) where s.workspace_id = $workspace and s.run_id in (${deskRuns})`;

/** The hashes of the files that a backup needs. */
export const neededFiles: Readonly<Record<BackupScope, string>> = { workspace: files('true'), desk: files(`(${deskFiles})`) };

/** What people set up, and what the color desk has. In no order: the foreign keys of the database say which comes first. */
export const backedTables: Readonly<Record<string, Taken>> = {
  artifact: ofDeskRuns,
  calendar: { desk: false },
  calendar_version: { desk: false },
  color: { desk: true },
  color_buffer: { desk: true },
  color_consumed: { desk: true },
  color_day: { desk: true },
  color_processing: { desk: true },
  color_rule: { desk: true },
  color_search_saved: { desk: true },
  color_security: { desk: true },
  color_settings: { desk: true },
  color_source: { desk: true },
  color_source_version: { desk: true },
  color_upload: { desk: true },
  color_upload_chunk: { desk: true },
  connection: { desk: false },
  // A trigger's own secret goes with it.
  credential: { desk: `t.id in (select g.credential_id from flow_trigger g where g.workspace_id = $workspace and g.flow_id in (${deskFlows}))` },
  delivery: ofDeskRuns,
  flow: { desk: `t.id in (${deskFlows})` },
  flow_trigger: { desk: ofDeskFlows },
  flow_version: { desk: ofDeskFlows },
  limit_key: { desk: false },
  log_chunk: ofDeskRuns,
  notification_channel: { desk: false },
  notification_rule: { desk: false },
  notification_team: { desk: false },
  notification_template: { desk: false },
  object: { rows: `t.sha256 in (${neededFiles.workspace})`, desk: `t.sha256 in (${neededFiles.desk})` },
  run: { rows: `t.id in (${deskRuns})`, desk: true },
  run_event: ofDeskRuns,
  schedule: { desk: ofDeskFlows },
  step_log: ofDeskRuns,
  step_run: ofDeskRuns,
  stored_file: { desk: deskFiles },
  target: { desk: false },
  target_group: { desk: false },
  target_group_member: { desk: false },
  target_relation: { desk: false },
};

/** Sums of what other tables hold: a row that is there counts what came after the backup too, so it is not set back. */
const summedTables: ReadonlySet<string> = new Set(['color_security']);

/** Who works with a row at this moment: a restore takes it from nobody, and gives it to nobody who has gone. */
const passingColumns: Readonly<Record<string, readonly string[]>> = { color_buffer: ['taken_by_run', 'taken_by_step', 'taken_by_session', 'taken_at'] };

/** Of the columns that a backup has those that a restore writes. */
export function restoredColumns(table: string, columns: readonly string[]): string[] {
  return columns.filter((column) => !passingColumns[table]?.includes(column));
}

/** Which rows that are gone stay away, as SQL over `given`: their work is done, and waiting again they would be processed a second time. */
const spentRows: Readonly<Record<string, string>> = {
  color_buffer:
    'exists (select from color_consumed done where done.workspace_id = given.workspace_id and done.upload_id = given.upload_id and done.lines @> given.line)',
};

export function spentOf(table: string): string {
  return spentRows[table] ?? 'false';
}

/** Whether a row that is there stays as it is, whatever the backup says. */
export function staysAsItIs(table: string): boolean {
  return summedTables.has(table);
}

/** The condition on the rows of a table for a scope; undefined where it is not part of it. */
export function rowsOf(table: string, scope: BackupScope): string | undefined {
  const taken = backedTables[table];
  if (!taken) return undefined;
  const all = taken.rows ?? 'true';
  if (scope === 'workspace') return all;
  if (taken.desk === false) return undefined;
  return taken.desk === true ? all : taken.desk;
}

const ofRuns = 'belongs to runs: one that had not ended would come back without its place in the queue, and those of other flows than the desk’s are too many';
const ofAccess = 'who may do what is not turned back with the work';
const ofAudit = 'the audit trail is a tree that only grows; it has an export of its own';
const passing = 'lives for moments, or is made anew';
const personal = 'is somebody’s own';
const noted = 'notes what happened, not what was set up';

export const leftOutTables: Readonly<Record<string, string>> = {
  approval: ofRuns,
  approval_asked: ofRuns,
  approval_vote: ofRuns,
  audit_checkpoint: ofAudit,
  audit_entry: ofAudit,
  audit_leaf: ofAudit,
  audit_node: ofAudit,
  audit_pending: ofAudit,
  audit_retention: ofAudit,
  backfill: ofRuns,
  backup: 'a backup that held the others would grow with each',
  bulk_operation: ofRuns,
  color_search_recent: personal,
  color_session: ofRuns,
  color_session_change: ofRuns,
  color_session_entry: ofRuns,
  color_session_presence: passing,
  color_session_row: ofRuns,
  color_session_run: ofRuns,
  credential_previous: passing,
  credential_reminder: noted,
  credential_target_use: noted,
  credential_use: noted,
  dead_letter: ofRuns,
  flow_draft: personal,
  lease: passing,
  log_due: passing,
  mail_server: ofAccess,
  notification_event: noted,
  notification_message: noted,
  notification_pending: passing,
  notification_preference: personal,
  notification_streak: noted,
  parked_job: passing,
  performance_test: ofRuns,
  run_signal: ofRuns,
  schedule_change: noted,
  schedule_firing: noted,
  slot: passing,
  step_once: ofRuns,
  step_wait: ofRuns,
  target_use: noted,
  trigger_ended: passing,
  trigger_event: noted,
  trigger_item: noted,
  trigger_watch: passing,
  vault_rewrap: passing,
  workspace_slug: ofAccess,
};

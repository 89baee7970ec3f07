// What the API shows of a flow.

import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { allSteps, countSteps } from '@tidewheel/contract/flow-steps';
import type { Fault } from '@tidewheel/contract/problem';
import type { Flow, FlowSummary } from '@tidewheel/contract/routes/flows';
import type { StepTypes } from '../ports.ts';
import type { FlowRow, VersionRow } from './flows.store.ts';
import { parametersSchema } from './parameters.ts';
import { planFlow } from './plan.ts';

export function viewSummary(row: FlowRow): FlowSummary {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    kind: row.kind,
    folder: row.folder,
    description: row.description,
    version: row.newest_version,
    steps: row.step_count,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    archivedAt: row.archived_at?.toISOString() ?? null,
    off: row.off_at && { at: row.off_at.toISOString(), by: row.off_by ?? '', reason: row.off_reason ?? '' },
    draft:
      row.draft_now === null
        ? null
        : { revision: row.draft_now, errors: row.draft_errors ?? 0, savedBy: row.draft_saved_by ?? '', savedAt: row.draft_saved_at?.toISOString() ?? '' },
    lastRun:
      row.last_run_id && row.last_run_state
        ? { id: row.last_run_id, state: row.last_run_state, finishedAt: row.last_run_finished_at?.toISOString() ?? null }
        : null,
  };
}

/** A flow with one of its versions: then `version`, `title` and the like are that version's; of a draft that was tested, `version` is its revision. */
export function viewFlow({ row, version, types, warnings }: { row: FlowRow; version: VersionRow; types: StepTypes; warnings: Fault[] }): Flow {
  const { document } = version;
  return {
    ...viewSummary(row),
    title: document.title,
    kind: document.kind,
    folder: document.folder ?? null,
    description: document.description ?? null,
    version: Math.abs(version.version),
    steps: countSteps(document),
    source: version.source,
    document,
    hash: version.hash,
    parametersSchema: parametersSchema(document.parameters),
    stretches: stretchesOf(document, types),
    warnings,
  };
}

/** Nothing to group when a step type of an old version is no longer installed: its warnings say so. */
function stretchesOf(document: FlowDocument, types: StepTypes): string[][] {
  const placed = [...allSteps(document.steps)];
  if (placed.some(({ step }) => !types.has(step.use))) return [];
  const groups = placed.filter(({ step }) => step.steps).map(({ id, inside }) => [...inside, id].join('/'));
  const plans = [null, ...groups].map((part) => planFlow(document, types, { part }));
  return plans.flatMap(({ units }) => [...units.values()].filter((unit) => unit.kind === 'table' && unit.steps.length > 1).map((unit) => unit.steps));
}

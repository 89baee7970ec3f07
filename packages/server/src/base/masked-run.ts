// Runs as somebody may see them: what the masks of his role keep is taken out. Rows are cut by column; what no column names is left out whole.
import type { Attributes } from '@tidewheel/contract/ability';
import type { Run, RunEvent, RunSummary, StepRun } from '@tidewheel/contract/run';
import type { Preview } from '@tidewheel/contract/values';
import type { Actor } from './actor.ts';
import { fieldState, maskedField, maskedRecord, maskedText, masksAny, maskText, type Shown } from './masked-view.ts';

/** A run with what rules can say of it. */
export interface RunWithObject {
  run: RunSummary;
  object: Attributes;
}

function shownAs(object: Attributes): Shown {
  return { type: 'run', permission: 'run.read', object };
}

/** Who started a run, or something as wide as runs. */
export function maskedStarter(actor: Actor, { startedBy, object }: { startedBy: string | null; object: Attributes }): string | null {
  return startedBy === null || !masksAny(actor, 'run') ? startedBy : maskedText(fieldState(actor, shownAs(object), 'startedBy'), startedBy);
}

export function maskedParameters(actor: Actor, { parameters, object }: { parameters: Record<string, unknown>; object: Attributes }): Record<string, unknown> {
  return masksAny(actor, 'run') ? maskedRecord(actor, shownAs(object), { field: 'parameters', record: parameters }) : parameters;
}

export function maskedError(actor: Actor, { error, object }: { error: RunSummary['error']; object: Attributes }): RunSummary['error'] {
  return masksAny(actor, 'run') && keepsColumns(actor, object) ? withoutDetails(error) : error;
}

export function maskedSummary(actor: Actor, { run, object }: RunWithObject): RunSummary {
  if (!masksAny(actor, 'run')) return run;
  return {
    ...run,
    parameters: maskedParameters(actor, { parameters: run.parameters, object }),
    startedBy: maskedStarter(actor, { startedBy: run.startedBy, object }),
    error: maskedError(actor, { error: run.error, object }),
    // As the value of a step, it may quote any cell.
    output: keepsColumns(actor, object) ? null : run.output,
    parent: run.parent && keepsColumns(actor, object) ? { ...run.parent, value: null } : run.parent,
  };
}

export function maskedRun(actor: Actor, { run, object }: { run: Run; object: Attributes }): Run {
  if (!masksAny(actor, 'run')) return run;
  const steps = keepsColumns(actor, object) ? run.steps.map((step) => maskedStep(actor, { step, object })) : run.steps;
  return { ...run, ...maskedSummary(actor, { run, object }), steps };
}

/** Whether some column of the tables of this run is kept from the actor. */
export function keepsColumns(actor: Actor, object: Attributes): boolean {
  return actor.ability?.keepsSome({ ...shownAs(object), head: 'columns' }) ?? false;
}

/** A value that a step hands on and the details of an error may quote any cell. */
function maskedStep(actor: Actor, { step, object }: { step: StepRun; object: Attributes }): StepRun {
  const cut = (record: Record<string, unknown>) => maskedRecord(actor, shownAs(object), { field: 'columns', record });
  const checks = step.checks.map((check) => (check.sample ? { ...check, sample: check.sample.map(cut) } : check));
  return { ...step, checks, value: null, error: withoutDetails(step.error) };
}

function withoutDetails(error: StepRun['error']): StepRun['error'] {
  if (!error) return error;
  const { details: _details, ...rest } = error;
  return rest;
}

export function maskedEvent(actor: Actor, { event, object }: { event: RunEvent; object: Attributes }): RunEvent {
  if (!masksAny(actor, 'run')) return event;
  const data = { ...event.data };
  if (typeof data['startedBy'] === 'string') data['startedBy'] = maskedText(fieldState(actor, shownAs(object), 'startedBy'), data['startedBy']);
  if (keepsColumns(actor, object) && typeof data['error'] === 'object') data['error'] = withoutDetails(data['error'] as StepRun['error']);
  return { ...event, data };
}

const reasonColumn = '_reason';

/** Rows with their kept cells masked or null. The reason of a rejected row goes too when it quotes such a cell. */
export function maskedRows<P extends Pick<Preview, 'columns' | 'rows'>>(actor: Actor, { page, object }: { page: P; object: Attributes }): P {
  if (!masksAny(actor, 'run')) return page;
  const shown = shownAs(object);
  const reasonAt = page.columns.findIndex(({ name }) => name === reasonColumn);
  const rows = page.rows.map((row) => {
    const cells = row.map((value, at) => maskedField(actor, shown, { field: `columns.${page.columns[at]?.name ?? ''}`, value }));
    const quoted = row.some((value, at) => at !== reasonAt && cells[at] !== value && isQuoted(value, row[reasonAt]));
    return quoted ? cells.with(reasonAt, maskText) : cells;
  });
  return { ...page, rows };
}

function isQuoted(value: unknown, reason: unknown): boolean {
  if (typeof reason !== 'string' || value === null || value === undefined) return false;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text !== '' && reason.includes(text);
}

import type { Run, StepRun } from '@tidewheel/contract/run';
import type { Preview } from '@tidewheel/contract/values';

/** The columns that say why a row was rejected come first: they are what one looks for. */
export function reasonFirst<T extends Pick<Preview, 'columns' | 'rows'>>(table: T): T {
  const rank = (name: string) => (name === '_reason' ? 0 : name.startsWith('_') ? 1 : 2);
  const order = table.columns
    .map((column, place) => ({ place, rank: rank(column.name) }))
    .toSorted((left, right) => left.rank - right.rank || left.place - right.place);
  return { ...table, columns: order.flatMap(({ place }) => table.columns[place] ?? []), rows: table.rows.map((row) => order.map(({ place }) => row[place])) };
}

export function hasRows(step: StepRun): boolean {
  return step.hasPreview || step.table !== null || step.rejected !== null;
}

/** The step whose rows are shown when none is chosen: the first that rejected some when those are wanted, else the last with rows. */
export function stepWithRows(run: Pick<Run, 'steps'>, which: 'rejected' | undefined): StepRun | null {
  const rejecting = run.steps.find((step) => step.rejected !== null && step.rejected.rows > 0);
  return (which === 'rejected' ? rejecting : undefined) ?? run.steps.findLast(hasRows) ?? null;
}

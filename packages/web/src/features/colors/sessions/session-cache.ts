// What a change makes of the rows that are known already, before they are read again.
import type { QueryClient } from '@tanstack/react-query';
import type { ColorField } from '@tidewheel/contract/color';
import type { ColorSessionDetail, SessionAction, SessionChanged, SessionRow } from '@tidewheel/contract/color-session';
import { rowsKey, sessionQuery } from './sessions.queries.ts';

export interface RowWindow {
  rows: SessionRow[];
  total: number;
  revision: number;
}
/** Texts by row and field. */
export type PendingCells = ReadonlyMap<string, Partial<Record<ColorField, string>>>;

/** @returns whether it was the next change after what was known: nobody else came between */
export function patchedRows(queries: QueryClient, id: string, done: SessionChanged): boolean {
  const changed = new Map(done.rows.map((row) => [row.id, row]));
  let isNext = true;
  queries.setQueriesData<RowWindow>({ queryKey: rowsKey(id) }, (window) => {
    if (window === undefined || done.changed === 0) return window;
    if (window.revision !== done.revision - 1) isNext = false;
    const revision = window.revision === done.revision - 1 ? done.revision : window.revision;
    return { ...window, revision, rows: window.rows.some((row) => changed.has(row.id)) ? window.rows.map((row) => changed.get(row.id) ?? row) : window.rows };
  });
  queries.setQueryData<ColorSessionDetail>(sessionQuery(id).queryKey, (detail) => (detail && isNext ? { ...detail, revision: done.revision } : detail));
  return isNext && done.rows.length === done.changed;
}

export function pendingOf(action: SessionAction, rows: readonly SessionRow[]): PendingCells | undefined {
  if (action.kind === 'cells') return new Map(rows.map(({ id }) => [id, action.fields]));
  if (action.kind !== 'block') return undefined;
  return new Map(rows.map(({ id }, i) => [id, Object.fromEntries(action.fields.map((field, n) => [field, action.values[i]?.[n] ?? '']))]));
}

// What a person does in a session. Everything is saved at once and in order; what was refused is shown with what is there now.
import { useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query';
import { changeColorSession, rankColorSession, redoSessionChange, undoSessionChange } from '@tidewheel/client/routes';
import type { ColorField } from '@tidewheel/contract/color';
import type { ColorSessionDetail, SessionAction, SessionChanged, SessionFilter, SessionRow } from '@tidewheel/contract/color-session';
import { useRef, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { type PendingCells, patchedRows, pendingOf } from './session-cache.ts';
import { sessionKey, sessionQuery } from './sessions.queries.ts';

export interface Refused {
  error: Error;
  /** Rows as somebody else left them, when that is why. */
  rows: SessionRow[] | null;
  /** Does it to the rows as they are now. */
  again: (() => void) | null;
}
export interface SessionVerbs {
  isSaving: boolean;
  /** A change of many rows goes on: what is seen is not what will be. */
  isBusy: boolean;
  refused: Refused | null;
  dismiss(): void;
  /** Values that are on their way, by row. */
  pending: PendingCells;
  change(action: SessionAction, rows: readonly SessionRow[]): void;
  changeAll(action: SessionAction, filter: SessionFilter, seen: number): void;
  rank(how: { rules?: string[] | undefined; reorder: boolean }): void;
  undo(): void;
  redo(): void;
  undoEntry(entry: number, andLater: boolean): void;
}

interface Work {
  call(): Promise<SessionChanged>;
  /** Whether rows stay where they are and what they are in number. */
  isInPlace?: boolean;
  isLarge?: boolean;
  pending?: PendingCells;
  again?: ((now: SessionRow[]) => void) | null;
}

/** Of many rows only a few come back with the answer. */
const few = 200;
const whereRowsStand: readonly ColorField[] = ['cusip', 'isin'];

export function useSessionVerbs({ id, revision }: ColorSessionDetail): SessionVerbs {
  const queries = useQueryClient();
  const [refused, setRefused] = useState<Refused | null>(null);
  const [pending, setPending] = useState<PendingCells>(new Map());
  const [large, setLarge] = useState(0);
  const known = useRef(new Map<string, number>());
  const mutationKey = ['color-session', id];
  const act = useMutation({
    mutationKey,
    // One after the other, as a person did them.
    scope: { id: `color-session-${id}` },
    mutationFn: async (work: Work) => {
      const done = await work.call();
      for (const row of done.rows) known.current.set(`${row.id} ${row.revision - 1}`, row.revision);
      const isNext = patchedRows(queries, id, done);
      if (isNext && (work.isInPlace === true || done.changed === 0)) await queries.invalidateQueries({ queryKey: sessionQuery(id).queryKey });
      else await queries.invalidateQueries({ queryKey: sessionKey(id) });
    },
    onError: (error, { again }) => {
      const rows = conflictOf(error);
      setRefused({ error, rows, again: rows !== null && again ? () => again(rows) : null });
      void queries.invalidateQueries({ queryKey: sessionKey(id) });
    },
    onSettled: (_done, _error, work) => {
      if (work.isLarge) setLarge((count) => count - 1);
      if (work.pending) setPending((now) => (now === work.pending ? new Map() : now));
    },
  });
  const run = (work: Work) => {
    setRefused(null);
    if (work.isLarge) setLarge((count) => count + 1);
    if (work.pending) setPending(work.pending);
    act.mutate(work);
  };
  /** What this person changed since they saw the row is no surprise to them. */
  const revisionOf = (row: SessionRow) => {
    let now = row.revision;
    for (let next = known.current.get(`${row.id} ${now}`); next !== undefined; next = known.current.get(`${row.id} ${now}`)) now = next;
    return { id: row.id, revision: now };
  };
  const params = { id };
  const change = (action: SessionAction, rows: readonly SessionRow[]): void => {
    if (rows.length === 0) return;
    const cells = pendingOf(action, rows);
    run({
      call: () => api.call(changeColorSession, { params, body: { action, rows: rows.map(revisionOf) } }),
      isInPlace: rows.length <= few && staysInPlace(action),
      isLarge: rows.length > few,
      again: (now) =>
        change(
          action,
          rows.map((row) => now.find((one) => one.id === row.id) ?? row),
        ),
      ...(cells ? { pending: new Map([...pending, ...cells]) } : {}),
    });
  };
  return {
    isSaving: useIsMutating({ mutationKey }) > 0,
    isBusy: large > 0,
    refused,
    dismiss: () => setRefused(null),
    pending,
    change,
    changeAll: (action, filter, seen) => run({ call: () => api.call(changeColorSession, { params, body: { action, filter, seen } }), isLarge: true }),
    rank: ({ rules, reorder }) => run({ call: () => api.call(rankColorSession, { params, body: { rules, reorder, seen: revision } }), isLarge: true }),
    undo: () => run({ call: () => api.call(undoSessionChange, { params, body: {} }) }),
    redo: () => run({ call: () => api.call(redoSessionChange, { params }) }),
    undoEntry: (entry, andLater) => run({ call: () => api.call(undoSessionChange, { params, body: { entry, andLater } }), isLarge: true }),
  };
}

/** What the rows are sorted and grouped by is another matter: their places change. */
function staysInPlace(action: SessionAction): boolean {
  if (action.kind === 'color') return true;
  if (action.kind === 'cells') return !whereRowsStand.some((field) => field in action.fields);
  return action.kind === 'block' && !action.fields.some((field) => whereRowsStand.includes(field));
}

function conflictOf(error: Error): SessionRow[] | null {
  const { code, details } = error as { code?: string; details?: { rows?: SessionRow[] } };
  return code === 'color_session.changed' ? (details?.rows ?? []) : null;
}

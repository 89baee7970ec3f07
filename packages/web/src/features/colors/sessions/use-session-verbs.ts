// What a person does in a session; everything is saved at once, and what was refused is shown with what is there now.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { changeColorSession, rankColorSession, redoSessionChange, undoSessionChange } from '@tidewheel/client/routes';
import type { ColorSessionDetail, SessionAction, SessionFilter, SessionRow } from '@tidewheel/contract/color-session';
import type { RouteInput } from '@tidewheel/contract/route';
import type * as routes from '@tidewheel/contract/routes/color-sessions';
import { api } from '../../../shared/api.ts';
import { sessionKey } from './sessions.queries.ts';

export interface SessionVerbs {
  isSaving: boolean;
  error: Error | null;
  /** Rows as somebody else left them, when a change was refused for that. */
  conflict: SessionRow[] | null;
  dismiss(): void;
  change(action: SessionAction, rows: SessionRow[]): void;
  changeAll(action: SessionAction, filter: SessionFilter): void;
  rank(reorder: boolean): void;
  undo(): void;
  redo(): void;
}

export function useSessionVerbs(session: ColorSessionDetail): SessionVerbs {
  const { id, revision } = session;
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionKey(id) }),
  });
  const params = { id };
  const change = (body: RouteInput<typeof routes.changeColorSession>['body']) => act.mutate(() => api.call(changeColorSession, { params, body }));
  return {
    isSaving: act.isPending,
    error: act.error,
    conflict: conflictOf(act.error),
    dismiss: act.reset,
    change: (action, rows) => change({ action, rows: rows.map((row) => ({ id: row.id, revision: row.revision })) }),
    changeAll: (action, filter) => change({ action, filter, seen: revision }),
    rank: (reorder) => act.mutate(() => api.call(rankColorSession, { params, body: { reorder, seen: revision } })),
    undo: () => act.mutate(() => api.call(undoSessionChange, { params, body: {} })),
    redo: () => act.mutate(() => api.call(redoSessionChange, { params })),
  };
}

function conflictOf(error: Error | null): SessionRow[] | null {
  const { code, details } = (error ?? {}) as { code?: string; details?: { rows?: SessionRow[] } };
  return code === 'color_session.changed' ? (details?.rows ?? []) : null;
}

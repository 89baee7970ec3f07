// HTTP only: joins the routes of sessions with their services.
import * as routes from '@tidewheel/contract/routes/color-sessions';
import { type Endpoint, endpoint } from '../../../base/endpoint.ts';
import { changeSessionRows } from './change-session.ts';
import { showDeskFlow, updateDeskFlow } from './desk-flow.ts';
import { explainSessionRow } from './explain-row.ts';
import { type ProcessDeps, processSession } from './process-session.ts';
import {
  discardSession,
  listEntries,
  listRows,
  listSessions,
  meetOthers,
  rankSession,
  type SessionDeps,
  showSession,
  startSession,
  updateSession,
} from './sessions.service.ts';
import { redoChange, undoChange } from './undo-change.ts';

export function colorSessionEndpoints(deps: SessionDeps & ProcessDeps): Endpoint[] {
  return [
    endpoint(routes.listColorSessions, ({ actor, query }) => listSessions(deps, actor, query)),
    endpoint(routes.startColorSession, ({ actor, body }) => startSession(deps, actor, body)),
    endpoint(routes.showColorSession, ({ actor, params }) => showSession(deps, actor, params.id)),
    endpoint(routes.updateColorSession, ({ actor, params, body }) => updateSession(deps, actor, { ...params, ...body })),
    endpoint(routes.listSessionRows, ({ actor, params, query }) => listRows(deps, actor, { ...params, ...query })),
    endpoint(routes.explainSessionRow, ({ actor, params }) => explainSessionRow(deps, actor, params)),
    endpoint(routes.changeColorSession, ({ actor, params, body }) => changeSessionRows(deps, actor, { ...params, ...body })),
    endpoint(routes.rankColorSession, ({ actor, params, body }) => rankSession(deps, actor, { ...params, ...body })),
    endpoint(routes.undoSessionChange, ({ actor, params, body }) => undoChange(deps, actor, { ...params, ...body })),
    endpoint(routes.redoSessionChange, ({ actor, params }) => redoChange(deps, actor, params.id)),
    endpoint(routes.listSessionEntries, ({ actor, params, query }) => listEntries(deps, actor, { ...params, ...query })),
    endpoint(routes.meetInSession, ({ actor, params, body }) => meetOthers(deps, actor, { ...params, ...body })),
    endpoint(routes.processColorSession, ({ actor, params, body }) => processSession(deps, actor, { ...params, ...body })),
    endpoint(routes.discardColorSession, ({ actor, params }) => discardSession(deps, actor, params.id)),
    endpoint(routes.showColorDeskFlow, ({ actor }) => showDeskFlow(deps, actor)),
    endpoint(routes.updateColorDeskFlow, ({ actor, body }) => updateDeskFlow(deps, actor, body)),
  ];
}

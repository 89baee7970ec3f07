// What the change log may take back of sessions: their name and sharing, and every change of their rows by its entry.
import type { sessionShares } from '@tidewheel/contract/color-session';
import { type ChangeModule, fieldsBack } from '../../../base/change-module.ts';
import { showDeskFlow, updateDeskFlow } from './desk-flow.ts';
import { type SessionDeps, showSession, updateSession } from './sessions.service.ts';
import { undoChange } from './undo-change.ts';

export function colorSessionChanges(deps: Pick<SessionDeps, 'databases'>): ChangeModule {
  return {
    name: 'color-sessions',
    title: 'Color sessions',
    sees: 'color.read',
    reverts: {
      'color_session.changed': async (actor, { object, after }) => {
        const { entry } = after as { entry: number };
        await undoChange(deps, actor, { id: object.id, entry });
      },
      'color_session.updated': async (actor, change) => {
        const { id, title, shared } = await showSession(deps, actor, change.object.id);
        const back = fieldsBack({ change, present: { title, shared } }) as { title?: string; shared?: (typeof sessionShares)[number] };
        await updateSession(deps, actor, { id, ...back });
      },
      'color_desk.flow_chosen': async (actor, change) => {
        const { flow, revision } = await showDeskFlow(deps, actor);
        await updateDeskFlow(deps, actor, { flow, ...(fieldsBack({ change, present: { flow } }) as { flow?: string | null }), revision });
      },
    },
    shows: {
      'color_session.started': 'A session that was started is discarded on its own page.',
      'color_session.processed': 'What was processed stays.',
      'color_session.discarded': 'Its rows went back to the buffer; start another session over them.',
    },
  };
}

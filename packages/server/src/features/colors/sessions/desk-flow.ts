// Which flow processes sessions when none is named: chosen by who keeps the desk.
import type { ColorDeskFlow } from '@tidewheel/contract/color-session';
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import { findDeskFlow, saveDeskFlow } from './desk-flow.store.ts';
import { findColorFlows } from './process-session.store.ts';

interface Deps {
  databases: Databases;
}

export function showDeskFlow({ databases }: Deps, actor: Actor): Promise<ColorDeskFlow> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, shownFlow);
}

/** @throws InvalidInput when the flow cannot process sessions, Conflict when somebody changed the settings of the desk meanwhile */
export function updateDeskFlow({ databases }: Deps, actor: Actor, { flow, revision }: { flow: string | null; revision: number }): Promise<ColorDeskFlow> {
  requirePermission(actor, 'desk.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const before = await findDeskFlow(trx);
    if (before.revision !== revision) throw changed();
    const chosen = flow === null ? null : (await findColorFlows(trx)).find(({ slug }) => slug === flow);
    if (chosen === undefined)
      throw new InvalidInput('color_session.flow', `The flow ${JSON.stringify(flow)} cannot process sessions.`, {
        hint: 'Choose a published flow of kind color with the steps color.take, color.rank and color.keep.',
      });
    const isSaved = await saveDeskFlow(trx, { workspaceId: actor.workspaceId, flowId: chosen?.id ?? null, revision, by: actor.label });
    if (!isSaved) throw changed();
    const object = { type: 'color_desk', id: actor.workspaceId, title: 'Flow of the desk' };
    await recordAudit(trx, actor, { action: 'color_desk.flow_chosen', object, before: { flow: before.slug }, after: { flow } });
    return shownFlow(trx);
  });
}

async function shownFlow(trx: WorkspaceTransaction): Promise<ColorDeskFlow> {
  const { slug, revision } = await findDeskFlow(trx);
  const flows = await findColorFlows(trx);
  return { flow: slug, flows: flows.map((one) => ({ slug: one.slug, title: one.title })), revision };
}

function changed(): Conflict {
  return new Conflict('color_desk.changed', 'Somebody changed the settings of the desk meanwhile.', { hint: 'Look at them again, then change them.' });
}

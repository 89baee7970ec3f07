// Where a credential is used: the connections that name it, the flows that name these, and the run that opened it last.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { allSteps } from '@tidewheel/contract/flow-steps';
import type { CredentialUsage } from '@tidewheel/contract/routes/credentials';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { visitFields } from '../../engine/expressions/fields.ts';
import type { StepTypes } from '../../engine/ports.ts';
import { credentialFor } from '../../platform/vault/named-access.ts';
import { inWorkspace } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import type { CredentialDeps } from './credentials.service.ts';
import { findFlowsWith, findUsers, findUsingTargets, type LastUse, type PermittedUses, type UsingConnection, type UsingTarget } from './credentials.store.ts';

/** What the reader may see of where a credential is used. */
export function permittedUses(actor: Actor): PermittedUses {
  return {
    connections: permittedRows(actor, 'connection.read', { connection: 'n.slug', folder: 'n.folder', type: 'n.type' }),
    targets: permittedRows(actor, 'target.read', { target: 't.name', os: 't.os', category: 't.category' }),
    runs: permittedRows(actor, 'run.read', { flow: 'f.slug', folder: 'f.folder', kind: 'f.kind', startedBy: 'r.started_by' }),
    flows: permittedRows(actor, 'flow.read', { flow: 'f.slug', folder: 'f.folder', kind: 'f.kind' }),
  };
}

/** Only what the reader may see of it. @throws NotFound with the closest slug */
export async function showUsage({ databases, types }: CredentialDeps, actor: Actor, slug: string): Promise<CredentialUsage> {
  requirePermission(actor, 'credential.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const credential = await credentialFor(trx, actor, { slug, permission: 'credential.read', archivedToo: true });
    const permitted = permittedUses(actor);
    const users = await findUsers(trx, credential.id, permitted);
    const names = new Set(users.map((user) => user.slug));
    const flows = (await findFlowsWith(trx, [...names], permitted)).map(({ slug: flow, title, document }) => ({
      slug: flow,
      title,
      connections: connectionsIn(document, types).filter((name) => names.has(name)),
    }));
    const targets = await findUsingTargets(trx, credential.id, permitted);
    return { connections: users.map(shownUser), targets: targets.map(shownTarget), flows: flows.filter((flow) => flow.connections.length > 0) };
  });
}

function shownUser({ slug, title, type, ...use }: UsingConnection): CredentialUsage['connections'][number] {
  return { slug, title, type, ...lastUse(use) };
}
function shownTarget({ name, title, os, ...use }: UsingTarget): CredentialUsage['targets'][number] {
  return { name, title, os, ...lastUse(use) };
}

function lastUse({ used_at, run_id, run_number, flow }: LastUse): Pick<CredentialUsage['connections'][number], 'lastUsedAt' | 'lastRun'> {
  const lastRun = run_id !== null && run_number !== null && flow !== null ? { id: run_id, number: run_number, flow } : null;
  return { lastUsedAt: used_at?.toISOString() ?? null, lastRun };
}

/** The connections that a flow's steps name, each once. */
function connectionsIn(document: FlowDocument, types: StepTypes): string[] {
  const names = new Set<string>();
  const used = [...allSteps(document.steps)].flatMap(({ step }) => (step.undo ? [step, step.undo] : [step]));
  for (const { use, with: config } of used) {
    const type = types.get(use);
    if (!type) continue;
    visitFields({ schema: type.config, value: config, visit: ({ text, hints }) => hints['widget'] === 'connection' && names.add(text) });
  }
  return [...names].sort();
}

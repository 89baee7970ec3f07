// Where a credential is used: the connections that name it, the flows that name these, and the run that opened it last.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { CredentialUsage } from '@tidewheel/contract/routes/credentials';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { visitFields } from '../../engine/expressions/fields.ts';
import type { StepTypes } from '../../engine/ports.ts';
import { findNamed, namedInUse } from '../../platform/vault/named.store.ts';
import { inWorkspace } from '../../storage/database.ts';
import type { CredentialDeps } from './credentials.service.ts';
import { findFlowsWith, findUsers, type UsingConnection } from './credentials.store.ts';

/** @throws NotFound with the closest slug */
export async function showUsage({ databases, types }: CredentialDeps, actor: Actor, slug: string): Promise<CredentialUsage> {
  requirePermission(actor, 'credential.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const credential = (await findNamed(trx, slug)) ?? (await namedInUse(trx, slug));
    const users = await findUsers(trx, credential.id);
    const names = new Set(users.map((user) => user.slug));
    const flows = (await findFlowsWith(trx, [...names])).map(({ slug: flow, title, document }) => ({
      slug: flow,
      title,
      connections: connectionsIn(document, types).filter((name) => names.has(name)),
    }));
    return { connections: users.map(shownUser), flows: flows.filter((flow) => flow.connections.length > 0) };
  });
}

function shownUser({ slug, title, type, used_at, run_id, run_number, flow }: UsingConnection): CredentialUsage['connections'][number] {
  const lastRun = run_id !== null && run_number !== null && flow !== null ? { id: run_id, number: run_number, flow } : null;
  return { slug, title, type, lastUsedAt: used_at?.toISOString() ?? null, lastRun };
}

/** The connections that a flow's steps name, each once. */
function connectionsIn(document: FlowDocument, types: StepTypes): string[] {
  const names = new Set<string>();
  for (const step of Object.values(document.steps)) {
    const type = types.get(step.use);
    if (!type) continue;
    visitFields({ schema: type.config, value: step.with, visit: ({ text, hints }) => hints['widget'] === 'connection' && names.add(text) });
  }
  return [...names].sort();
}

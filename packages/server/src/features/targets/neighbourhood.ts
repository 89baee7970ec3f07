// What is around a host, for who draws it: some steps far, and bounded, for a jump host may lead to thousands.
import { mostRelatedTargets, type RelatedTarget, type TargetHub, type TargetNeighbourhood } from '@tidewheel/contract/routes/target-relations';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { inWorkspace } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { edgesAround, findHubs, hostsById } from './neighbourhood.store.ts';
import { existingFor } from './target-access.ts';
import type { TargetDeps } from './targets.service.ts';
import { targetColumns } from './targets.store.ts';

/** @throws NotFound */
export async function showTargetRelations(
  { databases }: TargetDeps,
  actor: Actor,
  { asked, depth }: { asked: string; depth: number },
): Promise<TargetNeighbourhood> {
  requirePermission(actor, 'target.read');
  const permitted = permittedRows(actor, 'target.read', targetColumns);
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const { id, name, title, state } = await existingFor(trx, actor, { asked, permission: 'target.read' });
    const hosts = new Map<string, RelatedTarget>([[id, { id, name, title, state, distance: 0 }]]);
    let frontier = [id];
    let left = 0;
    for (let distance = 1; distance <= depth && frontier.length > 0; distance++) {
      const ends = (await edgesAround(trx, frontier)).flatMap(({ from, to }) => [from, to]);
      const found = await hostsById(trx, { ids: [...new Set(ends)].filter((one) => !hosts.has(one)), permitted });
      const taken = found.slice(0, mostRelatedTargets - hosts.size);
      left += found.length - taken.length;
      for (const host of taken) hosts.set(host.id, { ...host, distance });
      frontier = taken.map((host) => host.id);
    }
    const nameOf = (one: string) => hosts.get(one)?.name ?? '';
    const between = (await edgesAround(trx, [...hosts.keys()])).filter(({ from, to }) => hosts.has(from) && hosts.has(to));
    return { hosts: [...hosts.values()], relations: between.map(({ from, to, kind }) => ({ from: nameOf(from), to: nameOf(to), kind })), left };
  });
}

export async function listTargetHubs(
  { databases }: TargetDeps,
  actor: Actor,
  { search, limit }: { search?: string | undefined; limit: number },
): Promise<{ items: TargetHub[]; total: number }> {
  requirePermission(actor, 'target.read');
  const permitted = permittedRows(actor, 'target.read', targetColumns);
  return inWorkspace(databases.app, actor.workspaceId, (trx) => findHubs(trx, { permitted, search, limit }));
}

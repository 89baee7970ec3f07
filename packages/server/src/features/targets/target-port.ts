// How the engine finds and opens hosts for steps.
import type { TargetFacts, TargetSelection } from '@tidewheel/kit/define-transport';
import type { TargetPort } from '../../engine/ports.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { ContactRecorder } from './contact-recorder.ts';
import { groupNamed, matching, type Seen, seenHosts } from './group-members.ts';
import { allGroups } from './groups.store.ts';
import { openTarget } from './open-target.ts';
import { inUse } from './target-access.ts';
import type { TargetDeps } from './targets.service.ts';
import { findNamedTargets, listNames } from './targets.store.ts';
import type { TouchRecorder } from './touch-recorder.ts';

/** Limits are asked at every opening, so that what an administrator narrows takes effect at once. */
export function createTargetPort(deps: TargetDeps & { touches?: TouchRecorder; contacts?: ContactRecorder }): TargetPort {
  const within = <T>(workspaceId: string, work: (trx: WorkspaceTransaction) => Promise<T>) => inWorkspace(deps.databases.app, workspaceId, work);
  return {
    async open(workspaceId, name, { runId = null } = {}) {
      const row = await within(workspaceId, (trx) => inUse(trx, name));
      const { target, release } = await openTarget(deps, row, { runId, contacts: deps.contacts });
      if (runId !== null) deps.touches?.note({ workspaceId, targetId: row.id, runId });
      return { ...target, release };
    },
    find: (workspaceId, selection) => within(workspaceId, (trx) => findSelected(trx, selection)),
    list: (workspaceId) => within(workspaceId, listNames),
    inMaintenance: (workspaceId, names) =>
      within(workspaceId, async (trx) => {
        const rows = await findNamedTargets(
          trx,
          names.map((name) => name.toLowerCase()),
        );
        return rows
          .filter(({ state }) => state === 'maintenance')
          .map(({ name, maintenance_until: until, maintenance_reason: reason }) => ({ name, until, reason: reason ?? '' }));
      }),
  };
}

/** Hosts that fit all that is given, in order of name, with every group that they are in. */
async function findSelected(trx: WorkspaceTransaction, { names, tags, groups, where }: TargetSelection): Promise<TargetFacts[]> {
  const found = await seenHosts(trx, { names, tags });
  const asked = await groupMembers(trx, found, groups);
  const chosen = found.filter(({ id }) => asked === null || asked.has(id));
  const fitting = where === undefined ? chosen : (await matching(chosen, where)).members;
  return withDynamicGroups(trx, fitting);
}

/** Ids of the hosts of any of the groups; null when none is asked for. @throws NotFound for a group that is not there */
async function groupMembers(trx: WorkspaceTransaction, hosts: readonly Seen[], groups: readonly string[] | undefined): Promise<ReadonlySet<string> | null> {
  if (groups === undefined) return null;
  const members = new Set<string>();
  for (const slug of groups) {
    const { query } = await groupNamed(trx, slug);
    const those = query === null ? hosts.filter((host) => host.groups.includes(slug)) : (await matching(hosts, query)).members;
    for (const { id } of those) members.add(id);
  }
  return members;
}

async function withDynamicGroups(trx: WorkspaceTransaction, hosts: readonly Seen[]): Promise<TargetFacts[]> {
  const groups = new Map(hosts.map(({ id, groups }) => [id, [...groups]]));
  for (const { slug, query } of await allGroups(trx)) {
    if (query === null) continue;
    for (const { id } of (await matching(hosts, query)).members) groups.get(id)?.push(slug);
  }
  return hosts.map(({ category: _own, ...host }) => ({ ...host, groups: groups.get(host.id)?.sort() ?? [] }));
}

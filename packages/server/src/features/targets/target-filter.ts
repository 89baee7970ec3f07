// The filter of a list as conditions of SQL: a group with a query is asked first who is in it.
import type { TargetFilter } from '@tidewheel/contract/target';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { groupNamed, matching, seenHosts } from './group-members.ts';
import type { Chosen } from './targets.store.ts';

/** @throws NotFound for a group that is not there */
export async function chosenBy(trx: WorkspaceTransaction, { group, ...filter }: TargetFilter, permitted: Chosen['permitted']): Promise<Chosen> {
  if (group === undefined) return { ...filter, permitted };
  const { id, query } = await groupNamed(trx, group);
  if (query === null) return { ...filter, permitted, group: { listed: id } };
  const { members } = await matching(await seenHosts(trx), query);
  return { ...filter, permitted, group: { ids: members.map((one) => one.id) } };
}

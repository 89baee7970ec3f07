// Hosts that lead to hosts: what one depends on, and the way in through others. Neither may come back to where it began.
import type { InvalidInput } from '@tidewheel/contract/errors';
import { closestName } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { edgesFrom, idsByName, lockRelations, namesById, type RelationKind } from './relations.store.ts';
import { listNames } from './targets.store.ts';
import { refused } from './transports.ts';

/** Hosts on the way to another one. More are slow, and a slip rather than a plan. */
export const mostJumps = 5;

/** @throws InvalidInput naming the circle, or a way in that is too long */
export async function requireNoCircle(
  trx: WorkspaceTransaction,
  { id, kind, next }: { id: string; kind: RelationKind; next: readonly string[] },
): Promise<void> {
  if (next.length === 0) return;
  await lockRelations(trx);
  const cameFrom = new Map<string, string>(next.map((one) => [one, id]));
  let frontier = [...next];
  for (let depth = 1; frontier.length > 0; depth++) {
    if (cameFrom.has(id)) throw await circle(trx, { id, kind, cameFrom });
    if (kind === 'via' && depth > mostJumps)
      throw refused([{ path: 'via', message: `would be reached through more than ${mostJumps} hosts`, hint: 'Name one that is nearer.' }]);
    const edges = await edgesFrom(trx, { kind, ids: frontier });
    frontier = [];
    for (const { from, to } of edges) {
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, from);
      frontier.push(to);
    }
  }
}

async function circle(
  trx: WorkspaceTransaction,
  { id, kind, cameFrom }: { id: string; kind: RelationKind; cameFrom: Map<string, string> },
): Promise<InvalidInput> {
  const ids = [id];
  for (let at = cameFrom.get(id); at !== undefined && at !== id; at = cameFrom.get(at)) ids.unshift(at);
  const names = await namesById(trx, ids);
  const way = [id, ...ids].map((one) => names.get(one) ?? one).join(' → ');
  const message = kind === 'via' ? `comes back to the host itself: ${way}` : `goes round in a circle: ${way}`;
  return refused([{ path: kind, message, hint: 'Leave one of them out.' }]);
}

/** Ids of hosts in use by name, in the order of the names. @throws InvalidInput naming each that is not there, with the closest one */
export async function idsOf(trx: WorkspaceTransaction, { names, path }: { names: readonly string[]; path: RelationKind }): Promise<string[]> {
  if (names.length === 0) return [];
  const known = await idsByName(trx, [...names]);
  const missing = [...new Set(names)].filter((name) => !known.has(name));
  if (missing.length > 0) {
    const all = (await listNames(trx)).map(({ name }) => name);
    throw refused(
      missing.map((name) => {
        const close = closestName(name, all);
        return { path, message: `there is no host "${name}"`, hint: close ? `Did you mean "${close}"?` : undefined };
      }),
    );
  }
  return [...new Set(names)].map((name) => known.get(name) ?? '');
}

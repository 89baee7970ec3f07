// Who is in a group: those on its list, or those that its query finds now. Conditions are CEL over `target`.
import { type AppError, NotFound, toAppError } from '@tidewheel/contract/errors';
import type { TargetDetail } from '@tidewheel/contract/target';
import type { TargetFacts } from '@tidewheel/kit/define-transport';
import { closestName } from '../../base/text.ts';
import { evaluateCondition } from '../../engine/expressions/evaluate.ts';
import { requireHostCondition } from '../../engine/expressions/host-condition.ts';
import type { Scope } from '../../engine/expressions/scope.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { allGroups, type FactRow, findFacts, findGroup, type GroupRow, listedGroupsByTarget } from './groups.store.ts';

/** Evaluations between two looks at what else waits: 2,000 hosts in one go would hold up everybody for 40 ms. */
const stretch = 200;

/** A host as conditions see it. `groups` are those with a list: else a query could ask for itself. */
export function seenBy({ in_maintenance, ...row }: FactRow, groups: readonly string[]): Seen {
  return { ...row, groups: [...groups], inMaintenance: in_maintenance };
}
export interface Seen extends TargetFacts {
  category: string | null;
}

export interface Found {
  members: Seen[];
  undecided: number;
  /** Of the first of them. */
  reason: string | null;
}

/** Those for whom the condition is true. Where it cannot be evaluated (a fact is not there), it is not: these are counted. */
export async function matching(hosts: readonly Seen[], query: string): Promise<Found> {
  requireHostCondition(query);
  const now = new Date();
  const found: Found = { members: [], undecided: 0, reason: null };
  for (const [at, host] of hosts.entries()) {
    if (at % stretch === stretch - 1) await new Promise((resolve) => setImmediate(resolve));
    const answer = ask(query, host, now);
    if (answer === true) found.members.push(host);
    else if (answer !== false) {
      found.undecided++;
      found.reason ??= `${host.name}: ${answer.message}`;
    }
  }
  return found;
}

function ask(query: string, target: Seen, now: Date): boolean | AppError {
  const scope: Scope = { parameters: { target }, steps: new Map(), run: { id: '', number: 0, flow: '' }, now, today: now.toISOString().slice(0, 10) };
  try {
    return evaluateCondition(query, scope);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'expression.failed') return error;
    throw error;
  }
}

/** Hosts in use as conditions see them, each with the groups whose list it is on. */
export async function seenHosts(trx: WorkspaceTransaction, filter: Parameters<typeof findFacts>[1] = {}): Promise<Seen[]> {
  const [rows, groups] = [await findFacts(trx, filter), await listedGroupsByTarget(trx)];
  return rows.map((row) => seenBy(row, groups.get(row.id) ?? []));
}

/** @throws NotFound with the closest one */
export async function groupNamed(trx: WorkspaceTransaction, slug: string, { lock = false } = {}): Promise<GroupRow> {
  const row = await findGroup(trx, slug, { lock });
  if (row) return row;
  const close = closestName(
    slug,
    (await allGroups(trx)).map((one) => one.slug),
  );
  throw new NotFound('target_group.unknown', `There is no group "${slug}" of hosts in this workspace.`, {
    hint: close ? `Did you mean "${close}"?` : 'Make it under Connect > Targets > Groups first.',
  });
}

/** Every group that a host is in. */
export async function groupsOf(trx: WorkspaceTransaction, id: string): Promise<TargetDetail['allGroups']> {
  const groups = await allGroups(trx);
  if (groups.length === 0) return [];
  const listed = (await listedGroupsByTarget(trx)).get(id) ?? [];
  const host = (await findFacts(trx, { names: [id] })).map((row) => seenBy(row, listed));
  const isIn = async ({ slug, query }: GroupRow): Promise<boolean> =>
    query === null ? listed.includes(slug) : (await matching(host, query)).members.length > 0;
  const those: TargetDetail['allGroups'] = [];
  for (const group of groups) if (await isIn(group)) those.push({ slug: group.slug, title: group.title, isDynamic: group.query !== null });
  return those;
}

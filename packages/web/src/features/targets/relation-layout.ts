// Where the hosts around one are drawn: what it needs to the left, what needs it to the right, a column for each step. Pure.
import type { RelatedTarget, TargetRelation } from '@tidewheel/contract/routes/target-relations';

export const boxWidth = 230;
export const boxHeight = 34;
const columnGap = 90;
const rowGap = 12;

export interface PlacedHost extends RelatedTarget {
  x: number;
  y: number;
}

export interface RelationLayout {
  hosts: PlacedHost[];
  width: number;
  height: number;
}

/** The first host is the one in the middle. */
export function layOut(hosts: readonly RelatedTarget[], relations: readonly TargetRelation[]): RelationLayout {
  const columns = columnsOf(hosts, relations);
  const first = Math.min(...columns.values());
  const rows = new Map<number, RelatedTarget[]>();
  // From the middle outwards, so that each host finds its place beside those that it belongs to.
  const outwards = [...columns.values()].filter((column, at, all) => all.indexOf(column) === at).sort((one, other) => Math.abs(one) - Math.abs(other));
  const rank = new Map<string, number>();
  for (const column of outwards) {
    const inside = hosts.filter(({ name }) => columns.get(name) === column);
    const sorted = inside.map((host) => ({ host, at: beside(host.name, relations, rank) })).sort((one, other) => one.at - other.at);
    for (const [at, { host }] of sorted.entries()) rank.set(host.name, at / Math.max(1, sorted.length - 1));
    rows.set(
      column,
      sorted.map(({ host }) => host),
    );
  }
  const most = Math.max(...[...rows.values()].map((inside) => inside.length));
  const height = most * (boxHeight + rowGap) - rowGap;
  const placed = [...rows].flatMap(([column, inside]) => {
    const top = (height - (inside.length * (boxHeight + rowGap) - rowGap)) / 2;
    return inside.map((host, at) => ({ ...host, x: (column - first) * (boxWidth + columnGap), y: top + at * (boxHeight + rowGap) }));
  });
  return { hosts: placed, width: rows.size * (boxWidth + columnGap) - columnGap, height };
}

/** Left: what the middle needs. A host that is found both ways stands where it was found first. */
function columnsOf(hosts: readonly RelatedTarget[], relations: readonly TargetRelation[]): Map<string, number> {
  const columns = new Map<string, number>();
  const [middle] = hosts;
  if (middle) columns.set(middle.name, 0);
  for (let frontier = middle ? [middle.name] : []; frontier.length > 0; ) {
    const next: string[] = [];
    for (const name of frontier) {
      const column = columns.get(name) ?? 0;
      for (const { from, to } of relations) {
        const other = from === name ? to : to === name ? from : undefined;
        if (other === undefined || columns.has(other)) continue;
        columns.set(other, outward(column, from === name ? -1 : 1));
        next.push(other);
      }
    }
    frontier = next;
  }
  for (const { name } of hosts) if (!columns.has(name)) columns.set(name, 1);
  return closedUp(columns);
}

/** What stands beside the middle stays on its side. */
function outward(column: number, step: -1 | 1): number {
  return column === 0 ? step : column + step === 0 ? column * 2 : column + step;
}

/** No column is left empty. */
function closedUp(columns: Map<string, number>): Map<string, number> {
  const used = [...new Set(columns.values())].sort((one, other) => one - other);
  const zero = used.indexOf(0);
  return new Map([...columns].map(([name, column]) => [name, used.indexOf(column) - zero]));
}

function beside(name: string, relations: readonly TargetRelation[], rank: ReadonlyMap<string, number>): number {
  const ranks = relations.flatMap(({ from, to }) => (from === name ? [rank.get(to)] : to === name ? [rank.get(from)] : [])).filter((at) => at !== undefined);
  return ranks.length === 0 ? 0.5 : ranks.reduce((sum, at) => sum + at, 0) / ranks.length;
}

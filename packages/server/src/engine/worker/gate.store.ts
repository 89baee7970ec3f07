// Runs with the same gate go through it so many at once: those of one flow that may not overlap, those of one backfill.
import type { NewJob, Runner } from './job-queue.ts';
import { lockKeys } from './limit.store.ts';
import { parkPaused, unpark } from './park.store.ts';

export interface Gate {
  workspace: string;
  gate: string;
}

/** Locks these gates until the transaction ends. @returns how many runs are through each and not over */
export async function lockGates(runner: Runner, gates: Gate[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const [workspace, some] of Map.groupBy(gates, (one) => one.workspace)) {
    const names = [...new Set(some.map((one) => one.gate))].sort();
    await lockKeys(runner, { workspace, keys: names.map(keyOf) });
    const { rows } = await runner.query<{ gate: string; count: number }>(
      'select gate, count(*)::int as count from run where workspace_id = $1 and gate = any($2) and finished_at is null and held_at is null group by gate',
      [workspace, names],
    );
    for (const name of names) counts.set(gateKey({ workspace, gate: name }), rows.find((row) => row.gate === name)?.count ?? 0);
  }
  return counts;
}

/** Lets as many held runs through as there is room for. @returns what is to be queued now */
export async function openGates(runner: Runner, gates: Gate[]): Promise<NewJob[]> {
  if (gates.length === 0) return [];
  const counts = await lockGates(runner, gates);
  const freed: string[] = [];
  for (const [key, live] of counts) {
    const { workspace, gate } = gates.find((one) => gateKey(one) === key) as Gate;
    // Skips what somebody is cancelling just now: its end opens the gate again.
    const { rows } = await runner.query<{ id: string; gate_most: number }>(
      `select id, gate_most from run where workspace_id = $1 and gate = $2 and held_at is not null and finished_at is null
       order by priority desc, id limit 1000 for no key update skip locked`,
      [workspace, gate],
    );
    let through = live;
    for (const row of rows) if (through < row.gate_most && freed.push(row.id) > 0) through++;
  }
  if (freed.length === 0) return [];
  await runner.query('update run set held_at = null where id = any($1)', [freed]);
  return parkPaused(runner, await unpark(runner, { runs: freed, why: 'held' }));
}

/** Gates with runs that are held though nothing is in front of them any more: a process may end between two transactions. */
export async function forgottenGates(runner: Pick<Runner, 'query'>): Promise<Gate[]> {
  const { rows } = await runner.query<Gate>(
    `select h.workspace_id as workspace, h.gate from run h where h.held_at is not null and h.finished_at is null and h.gate is not null
     group by h.workspace_id, h.gate
     having max(h.gate_most) > (select count(*) from run l where l.workspace_id = h.workspace_id and l.gate = h.gate and l.finished_at is null and l.held_at is null)
     limit 100`,
  );
  return rows;
}

/** The gate of a flow that says how many of its runs may overlap. */
export function flowGate(flow: string): string {
  return `flow ${flow}`;
}
export function gateKey({ workspace, gate }: Gate): string {
  return `${workspace}/${gate}`;
}
function keyOf(gate: string): string {
  return `gate ${gate}`;
}

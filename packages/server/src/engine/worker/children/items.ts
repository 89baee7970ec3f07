// The items of a step: found once, kept in the object store, read back whenever further ones are to begin.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Each } from '@tidewheel/contract/flow-document';
import { evaluate } from '../../expressions/evaluate.ts';
import { type LiveRun, scopeOf } from '../live-run.ts';
import type { EngineServices } from '../services.ts';

/** More is refused: so many runs below one step are for a table step to do as rows. */
export const mostItems = 100_000;
const mostBytes = 64_000_000;

interface Finding {
  live: LiveRun;
  step: string;
  each: Each;
  services: EngineServices;
  signal: AbortSignal;
}

/** @throws InvalidInput `each.not_a_list`, `each.no_table`, `each.too_many`, or what its expression throws */
export async function findItems(finding: Finding): Promise<unknown[]> {
  const { live, step, each } = finding;
  const found = each.rows === undefined ? listOf({ live, step, over: each.over ?? '[]' }) : await rowsOf({ ...finding, from: each.rows });
  if (each.batch === undefined) return found;
  const batches: unknown[][] = [];
  for (let at = 0; at < found.length; at += each.batch) batches.push(found.slice(at, at + each.batch));
  return batches;
}

function listOf({ live, step, over }: { live: LiveRun; step: string; over: string }): unknown[] {
  const value = evaluate(over, scopeOf(live));
  if (!Array.isArray(value)) {
    throw new InvalidInput('each.not_a_list', `steps.${step}.each.over: "${over.slice(0, 200)}" gives ${value === null ? 'null' : typeof value}, not a list.`, {
      hint: 'Give a list, e.g. ["a", "b"], or name with `rows` a step whose rows are the items.',
    });
  }
  refuseTooMany(step, value.length);
  return value;
}

async function rowsOf({ live, step, from, services, signal, each }: Finding & { from: string }): Promise<unknown[]> {
  const table = live.facts.get(from)?.output?.table;
  if (!table) throw new InvalidInput('each.no_table', `steps.${step}.each.rows: ${from} made no table.`, { hint: 'Name a step that makes a table.' });
  if (each.batch === undefined) refuseTooMany(step, table.rows);
  const rows: unknown[] = [];
  for await (const some of services.tables.rows(await services.objects.localPath(live.workspaceId, table.sha256), { signal })) {
    for (const row of some) rows.push(row);
    refuseTooMany(step, each.batch === undefined ? rows.length : Math.ceil(rows.length / each.batch));
    if (rows.length > mostItems * 10) refuseTooMany(step, rows.length);
  }
  return rows;
}

function refuseTooMany(step: string, count: number): void {
  if (count <= mostItems) return;
  throw new InvalidInput(
    'each.too_many',
    `steps.${step}.each has ${count.toLocaleString('en')} items; at most ${mostItems.toLocaleString('en')} are run one by one.`,
    {
      hint: 'Use table steps for work on rows, or `batch` to hand over many at once.',
    },
  );
}

/** @returns the SHA-256 of the kept list */
export async function keepItems(items: unknown[], { live, step, services }: Omit<Finding, 'each' | 'signal'>): Promise<string> {
  const text = Buffer.from(JSON.stringify(items));
  if (text.length > mostBytes) {
    throw new InvalidInput(
      'each.too_large',
      `The items of steps.${step} take ${text.length.toLocaleString('en')} bytes; at most ${mostBytes.toLocaleString('en')} are kept.`,
      {
        hint: 'Give each item only what its steps need, for example a key.',
      },
    );
  }
  const stored = await services.objects.put(live.workspaceId, bytes(text));
  await services.pool.query('insert into object (workspace_id, sha256, size) values ($1, $2, $3) on conflict do nothing', [
    live.workspaceId,
    stored.sha256,
    stored.size,
  ]);
  return stored.sha256;
}

async function* bytes(content: Buffer): AsyncIterable<Uint8Array> {
  yield content;
}

const known = new Map<string, unknown[]>();
const mostKnown = 8;

/** Kept for the next look: the items of one step are asked for again and again. */
export async function readItems(sha256: string, { live, services }: Pick<Finding, 'live' | 'services'>): Promise<unknown[]> {
  const key = `${live.workspaceId}/${sha256}`;
  const remembered = known.get(key);
  if (remembered) return remembered;
  const chunks: Uint8Array[] = [];
  for await (const chunk of await services.objects.read(live.workspaceId, sha256)) chunks.push(chunk as Uint8Array);
  const items = JSON.parse(Buffer.concat(chunks).toString()) as unknown[];
  if (known.size >= mostKnown) known.delete(known.keys().next().value ?? '');
  known.set(key, items);
  return items;
}

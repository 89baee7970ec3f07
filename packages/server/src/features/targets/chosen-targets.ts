// The hosts that a bulk action means: by name or by a filter, and of these those that the caller may change.

import { InvalidInput } from '@tidewheel/contract/errors';
import { mostTargetsAtOnce } from '@tidewheel/contract/routes/target-operations';
import type { TargetChoice } from '@tidewheel/contract/target';
import { type Actor, may } from '../../base/actor.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { attributesOf } from './target-access.ts';
import { chosenBy } from './target-filter.ts';
import { findAllTargets, findNamedTargets, type TargetRow, targetColumns } from './targets.store.ts';

export interface ChosenTargets {
  rows: TargetRow[];
  /** Named and not there, or not the caller's to change. */
  refused: { name: string; reason: string }[];
}

/** @throws InvalidInput when they are too many for one call */
export async function chosenTargets(trx: WorkspaceTransaction, actor: Actor, { names, filter }: TargetChoice, { lock = false } = {}): Promise<ChosenTargets> {
  if (names) return byName(trx, actor, { names: [...new Set(names.map((name) => name.toLowerCase()))], lock });
  const chosen = await chosenBy(trx, filter ?? {}, [permittedRows(actor, 'target.read', targetColumns), permittedRows(actor, 'target.edit', targetColumns)]);
  const found = await findAllTargets(trx, chosen, mostTargetsAtOnce + 1);
  if (found.length > mostTargetsAtOnce)
    throw new InvalidInput('target.too_many', `The filter shows more than ${mostTargetsAtOnce.toLocaleString('en')} hosts.`, { hint: 'Narrow it.' });
  // Those of an archived state are shown, and nothing is done to them.
  const rows = found.filter((row) => row.archived_at === null);
  if (!lock || rows.length === 0) return { rows, refused: [] };
  return {
    rows: await findNamedTargets(
      trx,
      rows.map(({ name }) => name),
      { lock },
    ),
    refused: [],
  };
}

async function byName(trx: WorkspaceTransaction, actor: Actor, { names, lock }: { names: string[]; lock: boolean }): Promise<ChosenTargets> {
  const found = (await findNamedTargets(trx, names, { lock })).filter((row) => may(actor, 'target.read', attributesOf(row)));
  const known = new Set(found.flatMap(({ id, name }) => [id, name]));
  const unknown = names.filter((name) => !known.has(name)).map((name) => ({ name, reason: 'there is no such host' }));
  const [rows, kept] = [
    found.filter((row) => may(actor, 'target.edit', attributesOf(row))),
    found.filter((row) => !may(actor, 'target.edit', attributesOf(row))),
  ];
  return { rows, refused: [...unknown, ...kept.map(({ name }) => ({ name, reason: 'you may not change it' }))] };
}

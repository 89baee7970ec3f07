// What the items of a step gave, put together by what is the same.
import { itemName } from '@tidewheel/contract/item-name';
import type { ItemComparison, ItemGroup } from '@tidewheel/contract/routes/run-items';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { keepsColumns } from '../../base/masked-run.ts';
import { requireRead } from '../../base/object-access.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import * as store from './run-items.store.ts';
import { runObject } from './run-object.ts';
import { findRun } from './runs.store.ts';
import { unknownRun } from './unknown-run.ts';

/** @throws NotFound `run.unknown` */
export async function compareItems(
  { databases }: { databases: Databases },
  actor: Actor,
  { run: id, step, field = null }: { run: string; step: string; field?: string | null | undefined },
): Promise<ItemComparison> {
  requirePermission(actor, 'run.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const run = await findRun(trx, id);
    if (!run) throw unknownRun(id);
    const object = runObject(run);
    requireRead(actor, { read: 'run.read', object, unknown: () => unknownRun(id) });
    const of = { run: id, step };
    const counts = await store.countItems(trx, of);
    // What was given may quote any cell, and so may its fields.
    const isHidden = keepsColumns(actor, object);
    const fields = isHidden ? [] : await store.fieldsOf(trx, of);
    const groups = await store.groupItems(trx, { ...of, field: isHidden ? null : field });
    const different = groups[0]?.different ?? 0;
    return { step, ...counts, fields, field: isHidden ? null : field, different, groups: groups.map((row) => viewGroup(row, isHidden)), isHidden };
  });
}

function viewGroup({ state, count, value, length, error, items }: store.GroupRow, isHidden: boolean): ItemGroup {
  const isCut = length > store.longestValue;
  return {
    state,
    count,
    value: isHidden || value === null ? null : isCut ? value : JSON.parse(value),
    isCut,
    error: isHidden ? error && { ...error, message: '' } : error,
    items: items.map((item) => ({ run: item.run, number: item.number, item: item.item, label: (isHidden ? null : itemName(item.value)) ?? place(item.item) })),
  };
}

/** People count from 1. */
function place(item: number): string {
  return `item ${item + 1}`;
}

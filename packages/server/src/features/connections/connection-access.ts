// Which connections somebody may see and change, and what of them: asked with the row in hand.
import type { Attributes } from '@tidewheel/contract/ability';
import { NotFound } from '@tidewheel/contract/errors';
import type { Connection, TestResult } from '@tidewheel/contract/routes/connections';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { maskedRecord, masksAny, restoredRecord, type Shown, textsKept, withoutTexts } from '../../base/masked-view.ts';
import { requireOn } from '../../base/object-access.ts';
import { closest } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type ConnectionRow, findConnection, listSlugs, shownConnection } from './connections.store.ts';

type Known = Pick<ConnectionRow, 'slug' | 'folder' | 'type'>;

export function attributesOf({ slug, folder, type }: Known): Attributes {
  return { connection: slug, folder, type };
}

export interface Wanted {
  slug: string;
  permission: 'connection.read' | 'connection.edit';
  find?: typeof findConnection;
}

/** @throws NotFound with the closest slug, also for one that the actor may not read; NotAllowed for one that he may only read */
export async function existingFor(trx: WorkspaceTransaction, actor: Actor, { slug, permission, find = findConnection }: Wanted): Promise<ConnectionRow> {
  const row = await find(trx, slug);
  if (row && may(actor, permission, attributesOf(row))) {
    requirePermission(actor, permission, attributesOf(row));
    return row;
  }
  const seen = (await listSlugs(trx)).filter((one) => may(actor, 'connection.read', attributesOf(one)));
  if (!row) throw unknownConnection(slug, seen);
  requireOn(actor, { permission, read: 'connection.read', object: attributesOf(row), unknown: () => unknownConnection(slug, seen) });
  return row;
}

/** @throws NotFound for one that is archived, too */
export async function inUseBy(trx: WorkspaceTransaction, actor: Actor, wanted: Wanted): Promise<ConnectionRow> {
  return notArchived(await existingFor(trx, actor, wanted));
}

/** For steps of a run: whether its author may use the connection was asked when the flow was applied. */
export async function inUse(trx: WorkspaceTransaction, slug: string): Promise<ConnectionRow> {
  const row = await findConnection(trx, slug);
  if (!row) throw unknownConnection(slug, await listSlugs(trx));
  return notArchived(row);
}

function notArchived(row: ConnectionRow): ConnectionRow {
  if (row.archived_at === null) return row;
  throw new NotFound('connection.archived', `The connection "${row.slug}" was archived.`, {
    hint: 'Make a connection of that name again, or use another one.',
  });
}

function unknownConnection(slug: string, seen: readonly Pick<Known, 'slug'>[]): NotFound {
  const close = closest(
    slug,
    seen.map((one) => one.slug),
  );
  return new NotFound('connection.unknown', `There is no connection "${slug}" in this workspace.`, {
    hint: close ? `Did you mean "${close}"?` : 'Make it under Connections first.',
  });
}

function shownAs(row: Known): Shown {
  return { type: 'connection', permission: 'connection.read', object: attributesOf(row) };
}

/** As the actor may see it. */
export function shownTo(actor: Actor, row: ConnectionRow): Connection {
  return { ...shownConnection(row), config: maskedConfig(actor, row, row.config) };
}

function maskedConfig(actor: Actor, row: Known, config: Record<string, unknown>): Record<string, unknown> {
  return maskedRecord(actor, shownAs(row), { field: 'config', record: config });
}

/** Settings as they are meant by who was shown some of them masked: those stay as they are stored. */
export function meantConfig(actor: Actor, row: ConnectionRow, given: Record<string, unknown>): Record<string, unknown> {
  return restoredRecord(actor, shownAs(row), { field: 'config', given, stored: row.config });
}

/** What a test found, without the settings that the actor may not see. */
export function shownResult(actor: Actor, { row, config, result }: { row: Known; config: Record<string, unknown>; result: TestResult }): TestResult {
  if (!masksAny(actor, 'connection')) return result;
  return withoutTexts(result, textsKept(config, maskedConfig(actor, row, config)));
}

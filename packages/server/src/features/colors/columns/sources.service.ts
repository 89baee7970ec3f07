// Column configuration: which incoming column of a source feeds which field.
import type { ColorSource, ColorSourceContent, ColorSourceVersion } from '@tidewheel/contract/color-columns';
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import { closestName } from '../../../base/text.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import { findSource, findSources, findVersions, insertSource, lockSource, markArchived, saveVersion } from './sources.store.ts';

export interface SourceDeps {
  databases: Databases;
}

export async function listSources({ databases }: SourceDeps, actor: Actor): Promise<{ items: ColorSource[] }> {
  requirePermission(actor, 'color.read');
  return { items: await inWorkspace(databases.app, actor.workspaceId, (trx) => findSources(trx)) };
}

/** @throws NotFound with the closest name */
export function showSource({ databases }: SourceDeps, actor: Actor, slug: string): Promise<ColorSource> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, (trx) => existingSource(trx, slug));
}

export async function listVersions({ databases }: SourceDeps, actor: Actor, slug: string): Promise<{ items: ColorSourceVersion[] }> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => ({ items: await findVersions(trx, (await existingSource(trx, slug)).id) }));
}

/** @throws Conflict when there is one of that name */
export function createSource({ databases }: SourceDeps, actor: Actor, { slug, title, columns }: ColorSourceContent & { slug: string }): Promise<ColorSource> {
  requirePermission(actor, 'desk.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const id = newId();
    if (await findSource(trx, slug)) throw taken(slug);
    await insertSource(trx, { workspaceId: actor.workspaceId, id, slug, title, version: 1, columns, by: actor.label }).catch((thrown: unknown) => {
      throw (thrown as { code?: unknown }).code === '23505' ? taken(slug) : thrown;
    });
    const made = await existingSource(trx, slug);
    await recordAudit(trx, actor, { action: 'color_source.created', object: objectOf(made), after: auditView(made) });
    return made;
  });
}

/** A new version of its columns; the earlier ones stay. @throws NotFound, Conflict when somebody saved a newer one */
export function updateSource(
  { databases }: SourceDeps,
  actor: Actor,
  { slug, title, columns, version }: ColorSourceContent & { slug: string; version?: number | undefined },
): Promise<ColorSource> {
  requirePermission(actor, 'desk.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const { id } = await existingSource(trx, slug);
    const before = (await lockSource(trx, id)) as ColorSource;
    if (version !== undefined && version !== before.version)
      throw new Conflict('color_source.changed', `Somebody saved version ${before.version} of "${slug}" meanwhile.`, {
        hint: 'Look at that version, then change it.',
        details: { version: before.version },
      });
    await saveVersion(trx, { workspaceId: actor.workspaceId, id, version: before.version + 1, title, columns, by: actor.label });
    const after = await existingSource(trx, slug);
    await recordAudit(trx, actor, { action: 'color_source.updated', object: objectOf(after), before: auditView(before), after: auditView(after) });
    return after;
  });
}

/** @throws NotFound */
export function archiveSource({ databases }: SourceDeps, actor: Actor, slug: string): Promise<ColorSource> {
  requirePermission(actor, 'desk.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const source = await existingSource(trx, slug);
    await markArchived(trx, { id: source.id, isArchived: true, by: actor.label });
    await recordAudit(trx, actor, { action: 'color_source.archived', object: objectOf(source), before: auditView(source) });
    return source;
  });
}

/** For the change log. @throws NotFound, Conflict when its name is taken again */
export function restoreSource({ databases }: SourceDeps, actor: Actor, id: string): Promise<ColorSource> {
  requirePermission(actor, 'desk.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const source = await lockSource(trx, id);
    if (!source) throw new NotFound('color_source.unknown', 'There is no such source of colors.', { hint: 'Look at the list of sources.' });
    if (await findSource(trx, source.slug)) throw taken(source.slug);
    await markArchived(trx, { id, isArchived: false, by: actor.label });
    const { isArchived: _, ...restored } = source;
    await recordAudit(trx, actor, { action: 'color_source.restored', object: objectOf(restored), after: auditView(restored) });
    return restored;
  });
}

export async function existingSource(trx: WorkspaceTransaction, slug: string): Promise<ColorSource> {
  const found = await findSource(trx, slug);
  if (found) return found;
  const close = closestName(
    slug,
    (await findSources(trx)).map((source) => source.slug),
  );
  throw new NotFound('color_source.unknown', `There is no source of colors "${slug}" in this workspace.`, {
    hint: close ? `Did you mean "${close}"?` : 'Make it under Colors, Columns.',
  });
}

function taken(slug: string): Conflict {
  return new Conflict('color_source.taken', `There is a source "${slug}" already.`, { hint: 'Change that one, or give this one another name.' });
}
function objectOf({ id, slug }: ColorSource) {
  return { type: 'color_source', id, title: slug };
}
export function auditView({ title, columns, version }: ColorSource) {
  return { title, columns, version };
}

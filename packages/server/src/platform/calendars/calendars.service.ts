// Calendars of a workspace and those that are built in: looked at, made, changed by new versions, archived when nothing uses them.
import { isDeepStrictEqual } from 'node:util';
import type { CalendarDefinition } from '@tidewheel/contract/calendar';
import { Conflict, NotAllowed, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { Calendar, CalendarSummary, CalendarUsage, CalendarVersion } from '@tidewheel/contract/routes/calendars';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { systemClock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { storable } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { unknownCalendar } from './book.ts';
import { builtInCalendars } from './built-in.ts';
import { type CalendarUses, findUses, refuseInUse } from './calendar-uses.ts';
import { auditView, builtInSummary, shownBuiltIn, shownCalendar, shownSummary, shownVersion } from './calendar-view.ts';
import * as store from './calendars.store.ts';
import { checkDraft, checkUsers, storableDefinition } from './definition-faults.ts';

export interface CalendarDeps {
  databases: Databases;
  /** What else may name a calendar: flows, schedules. */
  uses: readonly CalendarUses[];
}

export async function listCalendars(
  { databases }: CalendarDeps,
  actor: Actor,
  query: PageRequest & { search?: string | undefined; archived: boolean },
): Promise<Page<CalendarSummary>> {
  requirePermission(actor, 'calendar.read');
  const page = await inWorkspace(databases.app, actor.workspaceId, (trx) => store.findCalendars(trx, query, query));
  return { ...page, items: page.items.map(shownSummary) };
}

export function listBuiltIn(actor: Actor): CalendarSummary[] {
  requirePermission(actor, 'calendar.read');
  return [...builtInCalendars.values()].map(builtInSummary);
}

export interface CalendarAsked {
  slug: string;
  version?: number | undefined;
}

/** @throws NotFound with the closest name, or when it has no such version */
export async function showCalendar({ databases }: CalendarDeps, actor: Actor, asked: CalendarAsked): Promise<Calendar> {
  requirePermission(actor, 'calendar.read');
  const builtIn = builtInCalendars.get(asked.slug);
  if (builtIn && asked.version !== undefined) throw unknownVersion({ slug: asked.slug, newest: 0, version: asked.version });
  if (builtIn) return shownBuiltIn(builtIn);
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => shownCalendar(await versionOf(trx, asked)));
}

export async function listVersions(
  { databases }: CalendarDeps,
  actor: Actor,
  { slug, ...page }: PageRequest & { slug: string },
): Promise<Page<CalendarVersion>> {
  requirePermission(actor, 'calendar.read');
  if (builtInCalendars.has(slug)) return { items: [], next: null, total: 0, totalCapped: false };
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const found = await store.findVersions(trx, (await existing(trx, slug)).id, page);
    return { ...found, items: found.items.map(shownVersion) };
  });
}

export async function showUsage({ databases, uses }: CalendarDeps, actor: Actor, slug: string): Promise<CalendarUsage> {
  requirePermission(actor, 'calendar.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    if (!builtInCalendars.has(slug)) await existing(trx, slug);
    return findUses(trx, { actor, slug, finders: uses });
  });
}

export interface CalendarInput {
  slug: string;
  title: string;
  description: string;
  note: string;
  definition: CalendarDefinition;
}

/** @throws Conflict when the name is taken; InvalidInput what is wrong with its rules */
export async function createCalendar({ databases }: CalendarDeps, actor: Actor, input: CalendarInput): Promise<Calendar> {
  requirePermission(actor, 'calendar.edit');
  const { workspaceId } = actor;
  return inWorkspace(databases.app, workspaceId, async (trx) => {
    await checkWithOthers(trx, { actor, slug: input.slug, definition: input.definition });
    const id = newId();
    const [title, description] = [storable(input.title), storable(input.description)];
    if (!(await store.insertCalendar(trx, { workspaceId, id, slug: input.slug, title, description }))) throw await taken(trx, input.slug);
    await addVersion(trx, { actor, id, version: 1, definition: input.definition, note: input.note });
    const made = await versionOf(trx, { slug: input.slug });
    await recordAudit(trx, actor, { action: 'calendar.created', object: objectOf(made.row), after: auditView(made) });
    return shownCalendar(made);
  });
}

export interface CalendarChange {
  slug: string;
  title?: string | undefined;
  description?: string | undefined;
  note?: string | undefined;
  definition?: CalendarDefinition | undefined;
  /** The version that was looked at. */
  version?: number | undefined;
}

/** Other rules make a new version; what stays as it is makes none. @throws Conflict `calendar.changed`, InvalidInput */
export async function changeCalendar({ databases }: CalendarDeps, actor: Actor, change: CalendarChange): Promise<Calendar> {
  requirePermission(actor, 'calendar.edit');
  const { slug } = change;
  refuseBuiltIn(slug);
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    if (change.definition) await checkWithOthers(trx, { actor, slug, definition: change.definition });
    const row = await inUse(trx, slug);
    refuseOutdated(row, change.version);
    const before = await versionOf(trx, { slug });
    const described = { title: storable(change.title ?? row.title), description: storable(change.description ?? row.description) };
    if (described.title !== row.title || described.description !== row.description) await store.describeCalendar(trx, { id: row.id, ...described });
    const { definition } = change;
    if (definition && !isDeepStrictEqual(storableDefinition(definition), before.version.definition))
      await addVersion(trx, { actor, id: row.id, version: row.newest_version + 1, definition, note: change.note ?? '' });
    const after = await versionOf(trx, { slug });
    if (isDeepStrictEqual(auditView(before), auditView(after))) return shownCalendar(after);
    await recordAudit(trx, actor, { action: 'calendar.changed', object: objectOf(row), before: auditView(before), after: auditView(after) });
    return shownCalendar(after);
  });
}

/** @throws Conflict `calendar.in_use` naming what uses it */
export async function archiveCalendar({ databases, uses }: CalendarDeps, actor: Actor, slug: string): Promise<Calendar> {
  requirePermission(actor, 'calendar.edit');
  refuseBuiltIn(slug);
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    await store.lockComposition(trx, actor.workspaceId);
    const row = await inUse(trx, slug);
    await refuseInUse(trx, { actor, slug, finders: uses });
    await store.markArchived(trx, { id: row.id, archived: true });
    const archived = await versionOf(trx, { slug });
    await recordAudit(trx, actor, { action: 'calendar.archived', object: objectOf(row), before: auditView(archived) });
    return shownCalendar(archived);
  });
}

/** What it is made of may have gone meanwhile. @throws Conflict `calendar.not_archived`, NotFound, InvalidInput */
export async function restoreCalendar({ databases }: CalendarDeps, actor: Actor, slug: string): Promise<Calendar> {
  requirePermission(actor, 'calendar.edit');
  refuseBuiltIn(slug);
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const row = await existing(trx, slug, store.lockCalendar);
    if (row.archived_at === null) throw new Conflict('calendar.not_archived', `The calendar "${slug}" is not archived.`, { hint: 'Nothing needs to be done.' });
    const { version } = await versionOf(trx, { slug });
    await checkWithOthers(trx, { actor, slug, definition: version.definition });
    await store.markArchived(trx, { id: row.id, archived: false });
    const restored = await versionOf(trx, { slug });
    await recordAudit(trx, actor, { action: 'calendar.restored', object: objectOf(row), after: auditView(restored) });
    return shownCalendar(restored);
  });
}

async function checkWithOthers(
  trx: WorkspaceTransaction,
  { actor, slug, definition }: { actor: Actor; slug: string; definition: CalendarDefinition },
): Promise<void> {
  await store.lockComposition(trx, actor.workspaceId);
  const others = await otherDefinitions(trx, slug);
  const now = systemClock.now();
  checkDraft({ slug, definition, others }, now);
  checkUsers({ slug, definition, others });
}

export async function otherDefinitions(trx: WorkspaceTransaction, slug: string | null): Promise<Map<string, CalendarDefinition>> {
  return new Map((await store.findDefinitions(trx)).filter((one) => one.slug !== slug).map((one) => [one.slug, one.definition]));
}

interface Added {
  actor: Actor;
  id: string;
  version: number;
  definition: CalendarDefinition;
  note: string;
}

async function addVersion(trx: WorkspaceTransaction, { actor, id, version, definition, note }: Added): Promise<void> {
  const kept = { definition: storableDefinition(definition), note: storable(note), by: actor.label, at: systemClock.now() };
  await store.insertVersion(trx, { workspaceId: actor.workspaceId, id: newId(), calendarId: id, version, ...kept });
}

async function existing(trx: WorkspaceTransaction, slug: string, find: typeof store.findCalendar = store.findCalendar): Promise<store.CalendarRow> {
  const row = await find(trx, slug);
  if (row) return row;
  throw unknownCalendar(slug, [...builtInCalendars.keys(), ...(await store.listCalendarSlugs(trx))]);
}

/** @throws NotFound for one that is archived, too */
async function inUse(trx: WorkspaceTransaction, slug: string): Promise<store.CalendarRow> {
  const row = await existing(trx, slug, store.lockCalendar);
  if (row.archived_at === null) return row;
  throw new NotFound('calendar.archived', `The calendar "${slug}" is archived.`, { hint: 'Restore it first.' });
}

/** @throws NotFound */
export async function versionOf(trx: WorkspaceTransaction, { slug, version }: CalendarAsked): Promise<{ row: store.CalendarRow; version: store.VersionRow }> {
  const row = await existing(trx, slug);
  const found = await store.findVersion(trx, { id: row.id, version: version ?? row.newest_version });
  if (!found) throw unknownVersion({ slug, newest: row.newest_version, version: version ?? row.newest_version });
  return { row, version: found };
}

export function unknownVersion({ slug, newest, version }: { slug: string; newest: number; version: number }): NotFound {
  return new NotFound('calendar.version_unknown', `The calendar "${slug}" has no version ${version}.`, {
    hint: newest === 0 ? 'It is built in and has no versions.' : `Its newest is ${newest}.`,
  });
}

function refuseOutdated({ slug, newest_version }: store.CalendarRow, version: number | undefined): void {
  if (version === undefined || version === newest_version) return;
  throw new Conflict('calendar.changed', `The calendar "${slug}" was changed meanwhile: version ${version} was looked at, its newest is ${newest_version}.`, {
    hint: 'Look at what was changed, and change it again.',
  });
}

function refuseBuiltIn(slug: string): void {
  if (!builtInCalendars.has(slug)) return;
  throw new NotAllowed('calendar.built_in', `The calendar ${slug} is built in and stays as it is.`, { hint: 'Make one of your own that is made of it.' });
}

async function taken(trx: WorkspaceTransaction, slug: string): Promise<Conflict> {
  const row = await store.findCalendar(trx, slug);
  const isArchived = row?.archived_at != null;
  return new Conflict('calendar.exists', `There is ${isArchived ? 'an archived' : 'a'} calendar "${slug}" already.`, {
    hint: isArchived ? 'Restore that one, or choose another name.' : 'Choose another name, or change that one.',
  });
}

function objectOf({ id, slug }: store.CalendarRow) {
  return { type: 'calendar', id, title: slug };
}

import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { CalendarDefinition } from '@tidewheel/contract/calendar';
import { permissions } from '@tidewheel/contract/route';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { inWorkspace } from '../../storage/database.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { calendarChanges } from './calendar-changes.ts';
import {
  archiveCalendar,
  type CalendarDeps,
  changeCalendar,
  createCalendar,
  listBuiltIn,
  listCalendars,
  listVersions,
  restoreCalendar,
  showCalendar,
  showUsage,
} from './calendars.service.ts';
import { loadCalendars } from './load-calendars.ts';
import { askCalendar, compareVersions, exportCalendar, previewImport, previewYear, showYear } from './reading.service.ts';

let fresh: FreshDatabase;
let deps: CalendarDeps;
let admin: Actor;
beforeAll(async () => {
  fresh = await freshDatabase();
  deps = { databases: fresh.databases, uses: [] };
  admin = { userId: newId(), label: 'admin@example.com', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions) };
});
afterAll(() => fresh?.drop());

const of = (...calendars: string[]): CalendarDefinition => ({ rules: calendars.map((calendar) => ({ kind: 'calendar', calendar })) });
const blackout = (reason: string, from: string, to = from): CalendarDefinition['rules'][number] => ({ kind: 'blackout', from, to, reason });
const make = (slug: string, definition: CalendarDefinition, more: object = {}) =>
  createCalendar(deps, admin, { slug, title: slug, description: '', note: '', definition, ...more });
const load = (slugs: string[], at?: Date) => loadCalendars(fresh.databases.engine, fresh.workspaceId, slugs, at);

describe('calendars', () => {
  it('are made, listed, shown and changed by versions that stay', async () => {
    const made = await make('desk', of('TARGET'), { title: 'The desk', note: 'first' });
    expect(made).toMatchObject({ slug: 'desk', version: 1, shown: 1, note: 'first', builtIn: false, updatedBy: 'admin@example.com' });
    const definition = { rules: [...of('TARGET').rules, blackout('year end', '2026-12-28', '2026-12-31')] };
    expect(await changeCalendar(deps, admin, { slug: 'desk', definition, note: 'closing', version: 1 })).toMatchObject({ version: 2, note: 'closing' });
    expect(await changeCalendar(deps, admin, { slug: 'desk', definition })).toMatchObject({ version: 2 });
    expect(await changeCalendar(deps, admin, { slug: 'desk', description: 'Of us all' })).toMatchObject({ version: 2, description: 'Of us all' });
    expect((await showCalendar(deps, admin, { slug: 'desk', version: 1 })).definition).toEqual(of('TARGET'));
    expect((await listVersions(deps, admin, { slug: 'desk', limit: 10 })).items.map(({ version, note }) => [version, note])).toEqual([
      [2, 'closing'],
      [1, 'first'],
    ]);
    expect((await listCalendars(deps, admin, { limit: 10, search: 'DESK', archived: false })).items).toMatchObject([{ slug: 'desk', version: 2 }]);
    expect(listBuiltIn(admin).map(({ slug }) => slug)).toEqual(expect.arrayContaining(['TARGET', 'NYSE', 'UK', 'US']));
    await expect(changeCalendar(deps, admin, { slug: 'desk', definition: of(), version: 1 })).rejects.toMatchObject({ code: 'calendar.changed', status: 409 });
  });

  it('show years, differences and counted days', async () => {
    const year = await showYear(deps, admin, { slug: 'desk', year: 2026 });
    expect(year.daysOff.find(({ date }) => date === '2026-12-30')).toEqual({ date: '2026-12-30', reasons: [{ kind: 'blackout', name: 'year end' }] });
    expect(year.businessDays + year.daysOff.length).toBe(365);
    expect((await showYear(deps, admin, { slug: 'desk', year: 2026, version: 1 })).businessDays).toBe(year.businessDays + 4);
    const compared = await compareVersions(deps, admin, { slug: 'desk', from: 1, to: 2, year: 2026, years: 1 });
    expect(compared).toMatchObject({ closed: { length: 4 }, opened: [], reasons: [] });
    expect(await askCalendar(deps, admin, { slug: 'desk', question: 'add', date: '2026-12-24', days: 1 })).toEqual({ result: '2027-01-04', why: null });
    expect(await askCalendar(deps, admin, { slug: 'TARGET', question: 'isBusinessDay', date: '2026-12-25' })).toEqual({ result: false, why: 'Christmas Day' });
    await expect(askCalendar(deps, admin, { slug: 'desk', question: 'roll', date: '2026-12-24' })).rejects.toMatchObject({ code: 'calendar.question' });
    expect((await previewYear(deps, admin, { definition: of('desk'), year: 2026 })).businessDays).toBe(year.businessDays);
    await expect(showYear(deps, admin, { slug: 'TARGET', year: 1999 })).rejects.toMatchObject({ code: 'calendar.years', status: 400 });
    await expect(showYear(deps, admin, { slug: 'desk', year: 2026, version: 9 })).rejects.toMatchObject({ code: 'calendar.version_unknown' });
  });

  it('are seen by a run as they were when it started, also when archived since', async () => {
    const before = new Date();
    await make('moving', { rules: [blackout('one', '2026-05-04')] });
    const between = new Date();
    await changeCalendar(deps, admin, { slug: 'moving', definition: { rules: [blackout('two', '2026-05-05')] } });
    await make('upon', of('moving'));
    const why = async (at?: Date) => {
      const days = (await load(['upon', 'moving', 'TARGET', 'none'], at)).get('moving');
      return [days?.why('2026-05-04') ?? null, days?.why('2026-05-05') ?? null];
    };
    expect(await why(before)).toEqual(['blackout: one', null]);
    expect(await why(between)).toEqual(['blackout: one', null]);
    expect(await why()).toEqual([null, 'blackout: two']);
    expect([...(await load(['upon', 'TARGET', 'none'])).keys()]).toEqual(['upon', 'TARGET']);
    await archiveCalendar(deps, admin, 'upon');
    expect((await load(['upon'])).get('upon')?.why('2026-05-05')).toBe('blackout: two');
  });

  it('are archived when nothing uses them, and come back', async () => {
    await make('base', of('TARGET'));
    await make('built', of('base'));
    expect(await showUsage(deps, admin, 'base')).toEqual({ uses: [{ kind: 'calendar', slug: 'built', title: 'built' }], hidden: 0 });
    await expect(archiveCalendar(deps, admin, 'base')).rejects.toMatchObject({ code: 'calendar.in_use', message: expect.stringContaining('calendar built') });
    await archiveCalendar(deps, admin, 'built');
    await archiveCalendar(deps, admin, 'base');
    expect((await listCalendars(deps, admin, { limit: 50, archived: true })).items.map(({ slug }) => slug)).toEqual(expect.arrayContaining(['base', 'built']));
    await expect(make('base', of())).rejects.toMatchObject({ code: 'calendar.exists', hint: expect.stringContaining('Restore') });
    await expect(restoreCalendar(deps, admin, 'built')).rejects.toMatchObject({ code: 'calendar.unknown', status: 400 });
    await expect(changeCalendar(deps, admin, { slug: 'base', title: 'x' })).rejects.toMatchObject({ code: 'calendar.archived' });
    await restoreCalendar(deps, admin, 'base');
    expect(await restoreCalendar(deps, admin, 'built')).toMatchObject({ archivedAt: null });
    const used: CalendarDeps = { ...deps, uses: [async () => ({ uses: [], hidden: 2 })] };
    await expect(archiveCalendar(used, admin, 'built')).rejects.toMatchObject({ message: 'The calendar "built" is used by 2 more.' });
  });

  it('take changes back', async () => {
    const { reverts } = calendarChanges(deps);
    await make('undo', of('TARGET'), { title: 'Before' });
    await changeCalendar(deps, admin, { slug: 'undo', title: 'After', definition: of('NYSE') });
    const change = (action: 'calendar.changed' | 'calendar.created', before: object | null, after: object) => ({
      id: newId(),
      action,
      object: { type: 'calendar', id: newId(), title: 'undo' },
      before,
      after,
    });
    const [first, second] = [
      { title: 'Before', description: '', version: 1, note: '' },
      { title: 'After', description: '', version: 2, note: '' },
    ];
    await reverts['calendar.changed']?.(admin, change('calendar.changed', first, second));
    expect(await showCalendar(deps, admin, { slug: 'undo' })).toMatchObject({ title: 'Before', version: 3, definition: of('TARGET') });
    await expect(reverts['calendar.changed']?.(admin, change('calendar.changed', first, second))).rejects.toMatchObject({ code: 'change.superseded' });
    await expect(reverts['calendar.created']?.(admin, change('calendar.created', null, first))).rejects.toMatchObject({ code: 'change.superseded' });
  });
});

describe('what is refused', () => {
  it('circles, towers, unknown names and countries, calendars without a business day', async () => {
    await make('one', of('TARGET'));
    await make('two', of('one'));
    await expect(changeCalendar(deps, admin, { slug: 'one', definition: of('two') })).rejects.toMatchObject({
      code: 'calendar.cycle',
      message: expect.stringContaining('one -> two -> one'),
    });
    await expect(make('self', of('self'))).rejects.toMatchObject({ code: 'calendar.cycle' });
    await expect(make('typo', of('TARGT'))).rejects.toMatchObject({ code: 'calendar.unknown', status: 400, message: expect.stringContaining('"TARGET"') });
    await expect(make('abroad', { rules: [{ kind: 'country', country: 'XX' }] })).rejects.toMatchObject({ code: 'calendar.country' });
    const all: CalendarDefinition = { rules: [{ kind: 'blackout', from: '2000-01-01', to: '2190-01-01', reason: 'closed' }] };
    await expect(make('closed', all)).rejects.toMatchObject({ code: 'calendar.always_off' });
    let below = 'TARGET';
    const tower = async (): Promise<void> => {
      for (let level = 0; level < 50; level++) {
        await make(`tower-${level}`, of(below));
        below = `tower-${level}`;
      }
    };
    await expect(tower()).rejects.toMatchObject({ code: 'calendar.too_deep' });
    await expect(changeCalendar(deps, admin, { slug: 'TARGET', title: 'Mine' })).rejects.toMatchObject({ code: 'calendar.built_in' });
  });
  it('two changes at once cannot make a circle', async () => {
    await make('left', of('TARGET'));
    await make('right', of('TARGET'));
    const results = await Promise.allSettled([
      changeCalendar(deps, admin, { slug: 'left', definition: of('right') }),
      changeCalendar(deps, admin, { slug: 'right', definition: of('left') }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
  it('whoever may not, and calendars of another workspace', async () => {
    const reader: Actor = { ...admin, permissions: new Set(['calendar.read']) };
    const nobody: Actor = { ...admin, permissions: new Set() };
    for (const work of [
      () => changeCalendar(deps, reader, { slug: 'desk', title: 'x' }),
      () => archiveCalendar(deps, reader, 'desk'),
      () => restoreCalendar(deps, reader, 'desk'),
      () => showCalendar(deps, nobody, { slug: 'desk' }),
      () => showYear(deps, nobody, { slug: 'TARGET', year: 2026 }),
      () => previewImport(nobody, { content: Readable.from([]) }),
    ])
      await expect(work()).rejects.toMatchObject({ code: 'permission.missing' });
    const workspaceId = newId();
    await fresh.databases.engine.insertInto('workspace').values({ id: workspaceId, slug: 'other', title: 'Other' }).execute();
    await expect(showCalendar(deps, { ...admin, workspaceId }, { slug: 'desk' })).rejects.toMatchObject({ code: 'calendar.unknown' });
    expect([...(await loadCalendars(fresh.databases.engine, workspaceId, ['desk', 'TARGET'])).keys()]).toEqual(['TARGET']);
    const seen = await inWorkspace(fresh.databases.app, workspaceId, (trx) => trx.selectFrom('calendar_version').select('id').execute());
    expect(seen).toEqual([]);
  });
});

describe('files', () => {
  it('of days off go out and come in', async () => {
    const file = await exportCalendar(deps, admin, { slug: 'desk', format: 'ics', from: 2026, to: 2026, weekends: false });
    expect(file.fileName).toBe('desk-2026-2026.ics');
    const read = await previewImport(admin, { content: file.stream });
    expect(read.dates.find(({ date }) => date === '2026-12-28')).toEqual({ date: '2026-12-28', name: 'blackout: year end' });
    const csv = await exportCalendar(deps, admin, { slug: 'TARGET', format: 'csv', from: 2027, to: 2027, weekends: false });
    expect(await text(csv.stream)).toContain('2027-03-26,Good Friday,holiday');
    await expect(exportCalendar(deps, admin, { slug: 'TARGET', format: 'csv', from: 2027, to: 2026, weekends: false })).rejects.toMatchObject({ status: 400 });
  });
  it('of 20 MB are refused after 5 MB of them, and the rest is not kept', async () => {
    const block = Buffer.alloc(1024 ** 2, 'BEGIN:VEVENT\n');
    let given = 0;
    const content = new Readable({
      read() {
        given++;
        this.push(given > 20 ? null : block);
      },
    });
    await expect(previewImport(admin, { content })).rejects.toMatchObject({ code: 'calendar.import_too_large', status: 413 });
    if (!content.closed) await once(content, 'close');
    expect(given).toBeLessThan(9);
  });
  it('in the code pages of spreadsheets are read', async () => {
    const latin = Buffer.from('2026-05-01,Fête du travail\n', 'latin1');
    expect((await previewImport(admin, { content: Readable.from([latin]) })).dates).toEqual([{ date: '2026-05-01', name: 'Fête du travail' }]);
    const wide = Buffer.from('\uFEFF2026-05-01;Fête\n', 'utf16le');
    expect((await previewImport(admin, { content: Readable.from([wide]) })).dates).toEqual([{ date: '2026-05-01', name: 'Fête' }]);
  });
});

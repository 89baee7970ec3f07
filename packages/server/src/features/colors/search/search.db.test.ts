// The search over what was processed, on Postgres: what is found, in which order, by whom, and what never is.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { ColorRuleSet } from '@tidewheel/contract/color-rule';
import { permissions } from '@tidewheel/contract/route';
import { ColorFilter, type ColorSort, colorSorts } from '@tidewheel/contract/routes/color-search';
import type { Row } from '@tidewheel/kit/step-context';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import { type FreshDatabase, freshDatabase } from '../../../testing/database.ts';
import { limitedActor } from '../../../testing/limited-actor.ts';
import { keepColors } from '../processing/keep-colors.ts';
import { countColors, exportColors, refuseTooMany } from './export-colors.ts';
import { forgetRecentSearches, listRecentSearches } from './recent-searches.ts';
import { listSavedSearches, removeSavedSearch, saveSearch, updateSavedSearch } from './saved-searches.ts';
import { listColorChoices, searchColors, showPrices, showSecurity, suggestSecurities } from './search.service.ts';

let fresh: FreshDatabase;
let ann: Actor;
let theirs: Actor;
const actorOf = (workspaceId: string, label: string): Actor => ({ userId: newId(), label, workspaceId, role: 'admin', permissions: new Set(permissions) });
const ruleSet: ColorRuleSet = { rules: [], order: { date: 'desc', rank: 'asc', px: 'desc' } };

const bond = { cusip: '037833100', isin: 'US0378331005', ticker: 'ACME', issuer: 'Acme-Müller Corp.', sector: 'Energy', market: 'IG' };
const other = { cusip: '594918104', isin: null, ticker: 'ACM', issuer: 'Amazon.com 100%_Inc', sector: 'Retail', market: 'HY' };
const talk = { cusip: null, isin: null, ticker: 'XYZ', issuer: null, coupon: '4.500000', maturity: '2027-05-15', sector: null, market: null };
const rowsOf = (secret: string): Row[] => [
  { ...bond, date: '2026-03-02', px: '99.25', rank: 3, size: '5', dealer: 'GS', bias: 'bid', source: secret },
  { ...bond, date: '2026-03-02', px: '98.5', rank: 1, spread: '120', dealer: 'JPM', bias: 'offer', source: 'mail', at: '2026-03-02T10:00:00Z' },
  { ...bond, date: '2026-02-27', px: null, rank: 2, dealer: 'JPM', source: 'mail' },
  { ...other, date: '2026-01-05', px: '88', rank: 1, source: 'mail', issuer: `${other.issuer}` },
  { ...talk, date: '2026-03-01', px: '101', source: 'talk' },
];
/** Of no session. */
const byItself = { sessionId: null, session: null };

async function keep(actor: Actor, rows: Row[]) {
  const ranked = rows.map((row, index) => ({ ...row, position: index + 1, family: index + 1, child: 0, excludedBy: null }));
  const excluded = { ...bond, date: '2026-03-02', px: '1', source: 'excluded', excludedBy: newId() };
  async function* batches(): AsyncGenerator<Row[]> {
    yield [...ranked, excluded];
  }
  const about = { ...byItself, step: 'keep', kind: 'automatic', date: '2026-03-02', ruleSet, startedAt: new Date(), by: 'ann' } as const;
  return keepColors(fresh.databases, { workspaceId: actor.workspaceId, runId: newId(), ...about, rows: batches() });
}
beforeAll(async () => {
  fresh = await freshDatabase();
  const workspace = newId();
  await fresh.databases.engine.insertInto('workspace').values({ id: workspace, slug: 'theirs', title: 'Theirs' }).execute();
  ann = actorOf(fresh.workspaceId, 'ann@example.com');
  theirs = actorOf(workspace, 'eve@example.com');
  await keep(ann, rowsOf('ours'));
  await keep(theirs, [
    ...rowsOf('secret'),
    { ...bond, ticker: 'SECRET', issuer: 'Secret Holdings', cusip: '88160R101', isin: null, date: '2026-03-02', source: 'secret' },
  ]);
});
afterAll(() => fresh?.drop());

const deps = () => ({ databases: fresh.databases });
const find = (filter: ColorFilter, more: { sort?: ColorSort; limit?: number; cursor?: string; remember?: boolean } = {}, actor = ann) =>
  searchColors(deps(), actor, { ...filter, sort: 'newest', limit: 50, ...more });
const pxOf = async (filter: ColorFilter, sort?: ColorSort) => (await find(filter, sort ? { sort } : {})).items.map(({ px }) => px);

describe('a search', () => {
  it.each([
    ['the beginning of a CUSIP', '0378', 3],
    ['a whole ISIN in small letters', 'us0378331005', 3],
    ['a ticker, and what begins with it', 'acm', 4],
    ['words of an issuer in any order', 'corp müller', 3],
    ['a word before a point', 'amazon', 1],
    ['a talk without identifiers', 'xyz', 1],
    ['nothing that is there', 'nobody', 0],
    ['no letter at all', '%', 0],
    ['another line', '_', 0],
  ])('finds by %s', async (_, text, rows) => {
    const page = await find({ text });
    expect(page.items.length).toBe(rows);
    expect(page.total).toBe(rows);
  });

  it('holds every filter at once and never finds what was excluded', async () => {
    expect(await pxOf({ from: '2026-03-01', to: '2026-03-02', sector: 'Energy', market: 'IG' })).toEqual([98.5, 99.25]);
    expect(await pxOf({ dealer: 'JPM', rankTo: 1 })).toEqual([98.5]);
    expect(await pxOf({ pxFrom: 90, pxTo: 99.25, sizeFrom: 5, sizeTo: 5, source: 'ours', bias: 'bid' })).toEqual([99.25]);
    expect(await pxOf({ spreadFrom: 119.5, spreadTo: 120 })).toEqual([98.5]);
    expect(await pxOf({ source: 'excluded' })).toEqual([]);
  });

  it('sorts, those without the value last, page after page', async () => {
    expect(await pxOf({}, 'px')).toEqual([88, 98.5, 99.25, 101, null]);
    expect(await pxOf({}, '-px')).toEqual([101, 99.25, 98.5, 88, null]);
    for (const sort of colorSorts) {
      const whole = (await find({}, { sort })).items.map(({ line }) => line);
      const paged: number[] = [];
      for (let page = await find({}, { sort, limit: 2 }); ; page = await find({}, { sort, limit: 2, cursor: page.next })) {
        paged.push(...page.items.map(({ line }) => line));
        if (page.next === null) break;
      }
      expect(paged, sort).toEqual(whole);
    }
    await expect(find({}, { cursor: 'x' })).rejects.toMatchObject({ code: 'page.cursor' });
  });

  it('suggests bonds, the exact one first, and says what occurs', async () => {
    const suggested = await suggestSecurities(deps(), ann, { text: 'ACM', limit: 8 });
    expect(suggested.map(({ ticker }) => ticker)).toEqual(['ACM', 'ACME']);
    expect(suggested[1]).toMatchObject({ security: bond.cusip, colors: 3, firstDay: '2026-02-27', lastDay: '2026-03-02' });
    expect(await listColorChoices(deps(), ann)).toEqual({
      sectors: ['Energy', 'Retail'],
      markets: ['HY', 'IG'],
      sources: ['mail', 'ours', 'talk'],
      dealers: ['GS', 'JPM'],
    });
  });

  it('shows a bond with its dealers, its processings and its prices', async () => {
    const shown = await showSecurity(deps(), ann, 'us0378331005');
    expect(shown).toMatchObject({ security: bond.cusip, colors: 3, processings: [{ number: 1, colors: 3 }] });
    expect(shown.dealers).toEqual([
      { dealer: 'JPM', colors: 2, lastDay: '2026-03-02', lastPx: 98.5 },
      { dealer: 'GS', colors: 1, lastDay: '2026-03-02', lastPx: 99.25 },
    ]);
    expect(await showPrices(deps(), ann, { security: bond.cusip, from: '2026-03-01' })).toEqual([
      { date: '2026-03-02', bias: 'bid', low: 99.25, high: 99.25, last: 99.25, colors: 1 },
      { date: '2026-03-02', bias: 'offer', low: 98.5, high: 98.5, last: 98.5, colors: 1 },
    ]);
    expect(await showSecurity(deps(), ann, 'XYZ 4.5 20270515')).toMatchObject({ ticker: 'XYZ', coupon: 4.5 });
    await expect(showSecurity(deps(), ann, '88160R101')).rejects.toMatchObject({ code: 'security.unknown' });
  });

  it('is for those who may read colors', async () => {
    const nobody = limitedActor(ann.workspaceId, { rules: [] });
    await expect(suggestSecurities(deps(), nobody, { text: 'a', limit: 1 })).rejects.toMatchObject({ status: 403 });
    await expect(find({}, {}, nobody)).rejects.toMatchObject({ status: 403 });
  });
});

describe('another workspace', () => {
  const words = fc.oneof(
    fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }),
    fc.constantFrom('secret', 'SECRET', '88160R101', "' or true --", "'); drop table color; --", 'acme | secret', ':* & !x', '\\', '%', '\u0000', theirsName()),
  );
  it('is never found, whatever is asked', async () => {
    const filters = fc.record(
      {
        text: words,
        security: words,
        sector: words,
        market: words,
        source: words,
        dealer: words,
        from: fc.constant('1900-01-01'),
        pxFrom: fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(...colorSorts), async (filter, sort) => {
        const parsed = ColorFilter.safeParse(filter);
        if (!parsed.success) return;
        const { items } = await find(parsed.data, { sort });
        expect(items.filter(({ source, ticker }) => source === 'secret' || ticker === 'SECRET')).toEqual([]);
        const suggested = await suggestSecurities(deps(), ann, { text: parsed.data.text ?? 'secret', limit: 50 });
        expect(suggested.filter(({ ticker }) => ticker === 'SECRET')).toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect((await find({ text: 'secret' }, {}, theirs)).total).toBe(1);
  });

  it('is out of reach of a cursor, a price, a file and a saved search of its own', async () => {
    const { next } = await find({}, { limit: 1 }, theirs);
    const after = await find({}, next === null ? {} : { cursor: next });
    expect(after.items.every(({ source }) => source !== 'secret')).toBe(true);
    await expect(showPrices(deps(), ann, { security: '88160R101' })).rejects.toMatchObject({ code: 'security.unknown' });
    const saved = await saveSearch(deps(), theirs, { title: 'Theirs', search: {}, shared: true, alert: false });
    expect(await listSavedSearches(deps(), ann)).toEqual([]);
    await expect(removeSavedSearch(deps(), ann, saved.id)).rejects.toMatchObject({ code: 'color_search.unknown' });
  });

  it('is kept out in one file alone, by a role that may write nothing and read nothing else', async () => {
    const here = await Promise.all(
      ['search.store.ts', 'securities.store.ts', 'search.service.ts', 'export-colors.ts'].map((file) => readFile(path.join(import.meta.dirname, file), 'utf8')),
    );
    expect(here.filter((source) => /databases\.search|selectFrom\('/.test(source))).toEqual([]);
    const { search } = fresh.databases;
    await expect(search.selectFrom('credential').selectAll().execute()).rejects.toMatchObject({ code: '42501' });
    await expect(search.selectFrom('color_search_saved').selectAll().execute()).rejects.toMatchObject({ code: '42501' });
    await expect(search.deleteFrom('color').execute()).rejects.toMatchObject({ code: expect.stringMatching(/42501|25006/) });
  });
});

describe('what people keep', () => {
  it('remembers what somebody looked for, once each, and nobody else’s', async () => {
    const bob = actorOf(fresh.workspaceId, 'bob@example.com');
    await find({ text: 'acme' }, { remember: true }, bob);
    await find({ sector: 'Energy' }, { remember: true }, bob);
    await find({ text: 'acme' }, { remember: true, sort: 'newest' }, bob);
    expect((await listRecentSearches(deps(), bob)).map(({ search, found }) => [search.text, search.sector, found])).toEqual([
      ['acme', undefined, 3],
      [undefined, 'Energy', 3],
    ]);
    expect(await listRecentSearches(deps(), ann)).toEqual([]);
    expect(await forgetRecentSearches(deps(), bob)).toEqual({ forgotten: 2 });
  });

  it('saves searches, shared or not, changed by their owner alone', async () => {
    const bob = actorOf(fresh.workspaceId, 'bob@example.com');
    const mine = await saveSearch(deps(), bob, { title: 'Mine', search: { text: 'acme' }, shared: false, alert: false });
    const shared = await saveSearch(deps(), bob, { title: 'Ours', search: { sector: 'Energy' }, shared: true, alert: false });
    expect((await listSavedSearches(deps(), ann)).map(({ title, mine: own }) => [title, own])).toEqual([['Ours', false]]);
    await expect(updateSavedSearch(deps(), ann, { ...shared, revision: 1 })).rejects.toMatchObject({ code: 'color_search.of_another' });
    await expect(removeSavedSearch(deps(), ann, mine.id)).rejects.toMatchObject({ code: 'color_search.unknown' });
    const change = { title: 'Mine too', search: mine.search, shared: false, alert: true };
    expect(await updateSavedSearch(deps(), bob, { id: mine.id, revision: 1, ...change })).toMatchObject({ revision: 2, alert: true });
    await expect(updateSavedSearch(deps(), bob, { id: mine.id, revision: 1, ...change })).rejects.toMatchObject({ code: 'color_search.changed' });
    await removeSavedSearch(deps(), bob, shared.id);
    await removeSavedSearch(deps(), bob, mine.id);
  });

  it('tells who asked for it of new colors, once for each processing, and of none that do not match', async () => {
    const bob = actorOf(fresh.workspaceId, 'bob@example.com');
    await saveSearch(deps(), bob, { title: 'Acme', search: { text: 'acme', pxFrom: 99 }, shared: false, alert: true });
    await saveSearch(deps(), bob, { title: 'Ours', search: { text: 'acme', pxFrom: 99 }, shared: true, alert: true });
    await saveSearch(deps(), bob, { title: 'None', search: { text: 'nobody' }, shared: false, alert: true });
    const { number } = await keep(ann, rowsOf('again'));
    const events = await fresh.databases.engine.selectFrom('notification_event').selectAll().where('kind', '=', 'color.matched').execute();
    expect(events.map(({ title, object_id, data, only_for }) => [title, object_id, data['owner'], only_for])).toEqual([
      ['A new color matches “Acme”', String(number), 'bob@example.com', bob.userId],
      ['A new color matches “Ours”', String(number), 'bob@example.com', null],
    ]);
  });
});

describe('an export', () => {
  it('holds what is found, and no formula', async () => {
    await keep(ann, [{ ...bond, ticker: 'FORM', issuer: '=1+1', cusip: '000361105', isin: null, date: '2026-03-03', dealer: 'A, "B"' }]);
    const file = await exportColors({ ...deps(), writeSheet: () => Promise.reject() as never }, ann, { text: 'form', format: 'csv' });
    const lines = (await text(file.stream)).trimEnd().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^Date,CUSIP,ISIN,Ticker,Issuer,/);
    expect(lines[1]).toMatch(/^2026-03-03,000361105,,FORM,'=1\+1,.*"A, ""B"""/);
  });

  it('is counted before, and refused with how many there are', async () => {
    expect(await countColors(deps(), ann, { text: 'form' })).toEqual({ colors: 1, isMore: false, fits: true });
    expect(await countColors(deps(), ann, { text: 'nobody' })).toEqual({ colors: 0, isMore: false, fits: true });
    expect(() => refuseTooMany({ colors: 312_400, isMore: false, fits: false })).toThrow(/312,400 colors, and a file takes 100,000/);
    expect(() => refuseTooMany({ colors: 1_000_000, isMore: true, fits: false })).toThrow(/more than 1,000,000 colors/);
  });
});

describe('the newest', () => {
  it('are read within few days, and what is before them comes next, whatever is asked', async () => {
    const long = { ticker: 'LONG', issuer: 'Long Ago Ltd', sector: 'Paper', market: 'IG', source: 'mail' };
    const day = (at: number) => new Date(Date.UTC(2024, 0, 1 + at * 3)).toISOString().slice(0, 10);
    const rows = Array.from({ length: 60 }, (_, at) => ({
      ...long,
      cusip: at % 2 ? '38259P508' : '46625H100',
      date: day(at),
      px: String(90 + (at % 7)),
      dealer: at % 20 ? 'GS' : 'JPM',
    }));
    await keep(ann, rows);
    for (const filter of [{ text: 'long' }, { text: 'long', dealer: 'JPM' }, { text: 'long', to: day(40), from: day(5) }, { sector: 'Paper', pxFrom: 91 }]) {
      const whole = (await find(filter, { sort: 'oldest', limit: 200 })).items.map(({ line }) => line).reverse();
      const paged: number[] = [];
      for (let page = await find(filter, { limit: 7 }); ; page = await find(filter, { limit: 7, cursor: page.next })) {
        expect(page.total).toBe(whole.length);
        paged.push(...page.items.map(({ line }) => line));
        if (page.next === null) break;
      }
      expect(paged, JSON.stringify(filter)).toEqual(whole);
      expect(whole.length).toBeGreaterThan(2);
    }
    expect((await find({ text: 'long' })).total).toBe(60);
  });
});

function theirsName(): string {
  return 'Theirs';
}

// Finds colors in everything that was processed and not excluded.
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import {
  type ColorChoices,
  ColorSearch,
  type ColorSort,
  type FoundColor,
  type PricePoint,
  type Security,
  type SecurityDetail,
} from '@tidewheel/contract/routes/color-search';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { storable, storableJson } from '../../../base/text.ts';
import type { Databases } from '../../../storage/database.ts';
import type { PageRequest } from '../../../storage/keyset.ts';
import { type ColorRow, shownColor } from '../processing/processings.store.ts';
import { type InSearch, inSearch } from './in-search.ts';
import { remember } from './recent-searches.ts';
import { type Asked, findChoices, findNumbers, findPage } from './search.store.ts';
import { findDealers, findPrices, findProcessingsOf, findSecurity, type PricesAsked, type SecurityRow, suggest } from './securities.store.ts';

export interface SearchDeps {
  databases: Databases;
}
type SearchQuery = ColorSearch & PageRequest & { sort: ColorSort; remember?: boolean };

/** @throws InvalidInput `color_search.too_wide` */
export async function searchColors({ databases }: SearchDeps, actor: Actor, query: SearchQuery): Promise<Page<FoundColor>> {
  requirePermission(actor, 'color.read');
  const search = inSearch(databases, actor.workspaceId);
  const asked = askedOf(query);
  const page = await inTime(() => findPage(search, asked, query));
  if (query.remember && query.cursor === undefined) await remember(databases, actor, { search: ColorSearch.strip().parse(query), found: page.total });
  return { ...page, items: await withNumbers(search, page.items) };
}

/** Of a request only what it looks for. */
export function askedOf(search: ColorSearch): Asked {
  const { sort, ...filter } = ColorSearch.strip().parse(JSON.parse(storableJson(search)));
  return { filter, sort: sort ?? 'newest' };
}

export async function withNumbers(search: InSearch, rows: readonly ColorRow[]): Promise<FoundColor[]> {
  const numbers = await findNumbers(search, [...new Set(rows.map((row) => row.processing_id))]);
  return rows.map((row) => ({ ...shownColor(row, numbers.get(row.processing_id) ?? 0), security: row.security }));
}

/** Postgres ends what takes longer than the search role may. */
export async function inTime<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== '57014') throw thrown;
    throw new InvalidInput('color_search.too_wide', 'The search took longer than ten seconds and was ended.', {
      hint: 'Narrow it: a security, fewer days, a sector or a dealer.',
      cause: thrown,
    });
  }
}

export async function suggestSecurities({ databases }: SearchDeps, actor: Actor, { text, limit }: { text: string; limit: number }): Promise<Security[]> {
  requirePermission(actor, 'color.read');
  const rows = await inTime(() => suggest(inSearch(databases, actor.workspaceId), { text: storable(text), limit }));
  return rows.map(shownSecurity);
}

export async function listColorChoices({ databases }: SearchDeps, actor: Actor): Promise<ColorChoices> {
  requirePermission(actor, 'color.read');
  const search = inSearch(databases, actor.workspaceId);
  const of = (field: Parameters<typeof findChoices>[1]) => inTime(() => findChoices(search, field, 500));
  return { sectors: await of('sector'), markets: await of('market'), sources: await of('source'), dealers: await of('dealer') };
}

/** @throws NotFound */
export async function showSecurity({ databases }: SearchDeps, actor: Actor, name: string): Promise<SecurityDetail> {
  requirePermission(actor, 'color.read');
  const search = inSearch(databases, actor.workspaceId);
  return inTime(async () => {
    const row = await existing(search, name);
    const [dealers, processings] = await Promise.all([findDealers(search, row.security), findProcessingsOf(search, row.security)]);
    return { ...shownSecurity(row), dealers: dealers.map((dealer) => ({ ...dealer, lastPx: amount(dealer.lastPx) })), processings };
  });
}

/** @throws NotFound */
export async function showPrices({ databases }: SearchDeps, actor: Actor, { security, ...range }: Omit<PricesAsked, 'most'>): Promise<PricePoint[]> {
  requirePermission(actor, 'color.read');
  const search = inSearch(databases, actor.workspaceId);
  return inTime(async () => {
    const row = await existing(search, security);
    const points = await findPrices(search, { ...range, security: row.security, most: 5_000 });
    return points.map(({ low, high, last, bias, ...point }) => ({
      ...point,
      bias: bias as PricePoint['bias'],
      low: amount(low),
      high: amount(high),
      last: amount(last),
    }));
  });
}

async function existing(search: InSearch, name: string): Promise<SecurityRow> {
  const row = await findSecurity(search, storable(name));
  if (row) return row;
  throw new NotFound('security.unknown', `No color of ${name.slice(0, 100)} was ever processed.`, {
    hint: 'Look for it by `tidewheel color search`, or on the page Security search.',
  });
}

const amount = (text: string | null): number | null => (text === null ? null : Number(text));

function shownSecurity(row: SecurityRow): Security {
  const { security, cusip, isin, ticker, issuer, maturity, sector, market, currency, colors } = row;
  const texts = { security, cusip, isin, ticker, issuer, maturity, sector, market, currency };
  return { ...texts, coupon: amount(row.coupon), colors, firstDay: row.first_day, lastDay: row.last_day };
}

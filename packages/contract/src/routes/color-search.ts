// Search over the colors that were processed and not excluded.
import { z } from 'zod';
import { colorBiases, mostExportedColors } from '../color.ts';
import { Id, Instant } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { Revision } from '../whole-number.ts';
import { ProcessedColor } from './color-processings.ts';

const tag = 'Colors';
const name = z.string().trim().min(1).max(100).optional();
const bound = z.coerce.number().min(-1e12).max(1e12).optional();
const day = z.iso.date().optional();

/** Every part that is given must hold. */
export const ColorFilter = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe('Begins a CUSIP, ISIN or ticker, or each of its words begins a word of the issuer or is the ticker'),
  security: z
    .string()
    .min(1)
    .max(240)
    .optional()
    .describe('Exactly this one, as `security` of a color names it: its CUSIP, else its ISIN, else what dealers call it'),
  from: day.describe('On this day or later'),
  to: day.describe('On this day or before'),
  sector: name,
  market: name,
  source: name,
  dealer: name,
  bias: z.enum(colorBiases).optional(),
  pxFrom: bound,
  pxTo: bound,
  spreadFrom: bound,
  spreadTo: bound,
  sizeFrom: bound,
  sizeTo: bound,
  rankFrom: bound,
  rankTo: bound,
});
export type ColorFilter = z.infer<typeof ColorFilter>;

export const colorSorts = ['newest', 'oldest', 'px', '-px', 'spread', '-spread', '-size', 'rank'] as const;
export type ColorSort = (typeof colorSorts)[number];
const sort = z.enum(colorSorts).default('newest').describe('With a minus the highest first; those without the value come last');

/** What a search asks for: kept as it is in histories, saved searches and addresses. */
export const ColorSearch = ColorFilter.extend({ sort: sort.optional() }).meta({ id: 'ColorSearch' });
export type ColorSearch = z.infer<typeof ColorSearch>;

export const FoundColor = ProcessedColor.extend({ security: z.string() }).meta({ id: 'FoundColor' });
export type FoundColor = z.infer<typeof FoundColor>;

/** A bond by its newest color. */
export const Security = z
  .object({
    security: z.string().describe('Names it: its CUSIP, else its ISIN, else ticker, coupon and maturity'),
    cusip: z.string().nullable(),
    isin: z.string().nullable(),
    ticker: z.string().nullable(),
    issuer: z.string().nullable(),
    coupon: z.number().nullable(),
    maturity: z.string().nullable(),
    sector: z.string().nullable(),
    market: z.string().nullable(),
    currency: z.string().nullable(),
    colors: z.number().int(),
    firstDay: z.iso.date(),
    lastDay: z.iso.date(),
  })
  .meta({ id: 'Security' });
export type Security = z.infer<typeof Security>;

export const SecurityDetail = Security.extend({
  dealers: z
    .array(z.object({ dealer: z.string().nullable(), colors: z.number().int(), lastDay: z.iso.date(), lastPx: z.number().nullable() }))
    .describe('Who spoke of it most, at most 50'),
  processings: z.array(z.object({ number: z.number().int(), date: z.iso.date(), colors: z.number().int() })).describe('The newest 20 that it was in'),
}).meta({ id: 'SecurityDetail' });
export type SecurityDetail = z.infer<typeof SecurityDetail>;

export const PricePoint = z
  .object({
    date: z.iso.date(),
    bias: z.enum(colorBiases).nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    last: z.number().nullable().describe('The price said last on that day'),
    colors: z.number().int(),
  })
  .meta({ id: 'PricePoint' });
export type PricePoint = z.infer<typeof PricePoint>;

export const ColorChoices = z
  .object({ sectors: z.array(z.string()), markets: z.array(z.string()), sources: z.array(z.string()), dealers: z.array(z.string()) })
  .meta({ id: 'ColorChoices' });
export type ColorChoices = z.infer<typeof ColorChoices>;

/** Counting further takes longer than it tells. */
export const mostCountedColors = 1_000_000;
export const ColorCount = z
  .object({
    colors: z
      .number()
      .int()
      .describe(`At most ${mostCountedColors.toLocaleString('en')}`),
    isMore: z.boolean().describe('There are more than that'),
    fits: z.boolean().describe(`A file takes them: they are at most ${mostExportedColors.toLocaleString('en')}`),
  })
  .meta({ id: 'ColorCount' });
export type ColorCount = z.infer<typeof ColorCount>;

export const RecentSearch = z.object({ search: ColorSearch, found: z.number().int().describe('Up to 10,000'), at: Instant }).meta({ id: 'RecentSearch' });
export type RecentSearch = z.infer<typeof RecentSearch>;

export const SavedSearchInput = z.strictObject({
  title: z.string().trim().min(1).max(100),
  search: ColorSearch,
  shared: z.boolean().default(false).describe('Everybody who may read colors in this workspace sees it'),
  alert: z.boolean().default(false).describe('Whoever saved it is told when a processing brings colors that it finds'),
});
export type SavedSearchInput = z.infer<typeof SavedSearchInput>;
export const SavedSearch = z
  .object({ id: Id, ...SavedSearchInput.shape, mine: z.boolean(), owner: z.string(), revision: z.number().int(), updatedAt: Instant })
  .meta({ id: 'SavedSearch' });
export type SavedSearch = z.infer<typeof SavedSearch>;
/** Of each person. */
export const mostSavedSearches = 200;

export const exportFormats = ['xlsx', 'csv'] as const;
const securityParam = z.object({ security: z.string().trim().min(1).max(240).describe('Its CUSIP, its ISIN, or as `security` of a color names it') });
const savedParam = z.object({ id: Id });

export const searchColors = defineRoute({
  name: 'colorSearch.find',
  method: 'GET',
  path: '/api/color-search',
  tag,
  access: 'color.read',
  summary: 'Find colors in everything that was processed and not excluded',
  query: PageQuery.extend({
    ...ColorFilter.shape,
    sort,
    remember: z.stringbool().default(false).describe('Into the history of who asks'),
  }),
  response: pageOf(FoundColor),
});
export const countColors = defineRoute({
  name: 'colorSearch.count',
  method: 'GET',
  path: '/api/color-search-count',
  tag,
  access: 'color.read',
  summary: 'How many colors a search finds, and whether a file takes them',
  query: ColorFilter,
  response: ColorCount,
});
export const exportColors = defineRoute({
  name: 'colorSearch.export',
  method: 'GET',
  path: '/api/color-search-export',
  tag,
  access: 'color.read',
  cost: 'expensive',
  summary: 'What a search finds as Excel or CSV',
  description: `At most ${mostExportedColors.toLocaleString('en')} colors: more are refused before anything is written. How many they are says /api/color-search-count.`,
  query: z.object({ ...ColorFilter.shape, sort, format: z.enum(exportFormats).default('xlsx') }),
  responseType: 'application/octet-stream',
  response: z.unknown(),
});
export const suggestSecurities = defineRoute({
  name: 'colorSecurity.suggest',
  method: 'GET',
  path: '/api/security-suggestions',
  tag,
  access: 'color.read',
  summary: 'Bonds that a text may mean, the most spoken of first',
  query: z.object({ text: z.string().trim().min(1).max(100), limit: z.coerce.number().int().min(1).max(50).default(8) }),
  response: z.array(Security),
});
export const listColorChoices = defineRoute({
  name: 'colorSearch.choices',
  method: 'GET',
  path: '/api/color-choices',
  tag,
  access: 'color.read',
  summary: 'Sectors, markets, sources and dealers that occur; at most 500 of each',
  response: ColorChoices,
});
export const showSecurity = defineRoute({
  name: 'colorSecurity.show',
  method: 'GET',
  path: '/api/securities/{security}',
  tag,
  access: 'color.read',
  summary: 'A bond: what it is, who spoke of it, the processings it was in',
  params: securityParam,
  response: SecurityDetail,
});
export const showSecurityPrices = defineRoute({
  name: 'colorSecurity.prices',
  method: 'GET',
  path: '/api/securities/{security}/prices',
  tag,
  access: 'color.read',
  summary: 'The price of a bond over time: lowest, highest and last of each day and bias',
  params: securityParam,
  query: z.object({ from: day, to: day, bias: z.enum(colorBiases).optional() }),
  response: z.array(PricePoint).describe('In the order of days; at most the newest 5,000'),
});
export const listRecentSearches = defineRoute({
  name: 'colorSearch.recent',
  method: 'GET',
  path: '/api/color-searches/recent',
  tag,
  access: 'color.read',
  summary: 'What you looked for last; the newest 50',
  response: z.array(RecentSearch),
});
export const forgetRecentSearches = defineRoute({
  name: 'colorSearch.forget',
  method: 'DELETE',
  path: '/api/color-searches/recent',
  tag,
  access: 'color.read',
  summary: 'Empty your history of searches',
  response: z.object({ forgotten: z.number().int() }),
});
export const listSavedSearches = defineRoute({
  name: 'colorSearch.listSaved',
  method: 'GET',
  path: '/api/color-searches/saved',
  tag,
  access: 'color.read',
  summary: 'Your saved searches, and those that others share',
  response: z.array(SavedSearch),
});
export const saveSearch = defineRoute({
  name: 'colorSearch.save',
  method: 'POST',
  path: '/api/color-searches/saved',
  tag,
  access: 'color.read',
  status: 201,
  summary: 'Save a search, for yourself or for all of the workspace',
  body: SavedSearchInput,
  response: SavedSearch,
});
export const updateSavedSearch = defineRoute({
  name: 'colorSearch.update',
  method: 'PUT',
  path: '/api/color-searches/saved/{id}',
  tag,
  access: 'color.read',
  summary: 'Change a search that you saved',
  params: savedParam,
  body: SavedSearchInput.extend({ revision: Revision.describe('As it was read: what somebody changed meanwhile is not overwritten') }),
  response: SavedSearch,
});
export const removeSavedSearch = defineRoute({
  name: 'colorSearch.remove',
  method: 'DELETE',
  path: '/api/color-searches/saved/{id}',
  tag,
  access: 'color.read',
  summary: 'Remove a search that you saved',
  params: savedParam,
  response: SavedSearch,
});

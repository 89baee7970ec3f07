// A color: what a dealer said about one bond at one time. Prices, yields and coupons are percent, spreads basis points, sizes millions of the currency.
import { z } from 'zod';
import { Id, Instant } from './identifiers.ts';
import { cusipFault, isinFault } from './security-id.ts';

export const colorBiases = ['bid', 'offer', 'talk', 'cover', 'trade'] as const;
export type ColorBias = (typeof colorBiases)[number];
export const colorLevels = ['firm', 'indicative'] as const;
export type ColorLevel = (typeof colorLevels)[number];

/** In one file of a search. */
export const mostExportedColors = 100_000;

export type ColorFieldKind = 'text' | 'number' | 'integer' | 'date' | 'instant';
export interface ColorFieldType {
  title: string;
  kind: ColorFieldKind;
  /** The only values it takes, in small letters. */
  oneOf?: readonly string[];
  description: string;
}

/** The fields of a color, in the order in which people read them. Columns of tables and files are named like the keys. */
export const colorFields = {
  date: { title: 'Date', kind: 'date', description: 'The day it is for' },
  cusip: { title: 'CUSIP', kind: 'text', description: 'Nine characters, the last a check digit' },
  isin: { title: 'ISIN', kind: 'text', description: 'Twelve characters, the last a check digit' },
  ticker: { title: 'Ticker', kind: 'text', description: 'Of the issuer' },
  issuer: { title: 'Issuer', kind: 'text', description: 'Its name' },
  coupon: { title: 'Coupon', kind: 'number', description: 'Percent a year' },
  maturity: { title: 'Maturity', kind: 'date', description: 'When it is paid back' },
  sector: { title: 'Sector', kind: 'text', description: '' },
  market: { title: 'Market', kind: 'text', description: 'IG, HY, EM, ABS …' },
  currency: { title: 'Currency', kind: 'text', description: 'ISO 4217' },
  source: { title: 'Source', kind: 'text', description: 'Where it came from, as the column configuration names it' },
  dealer: { title: 'Dealer', kind: 'text', description: '' },
  bias: { title: 'Bias', kind: 'text', oneOf: colorBiases, description: 'bid, offer, talk, cover or trade' },
  px: { title: 'PX', kind: 'number', description: 'Price in percent of par' },
  spread: { title: 'Spread', kind: 'number', description: 'Basis points' },
  yield: { title: 'Yield', kind: 'number', description: 'Percent' },
  size: { title: 'Size', kind: 'number', description: 'Millions of the currency' },
  rank: { title: 'Rank', kind: 'integer', description: 'How much the source counts: 1 is best' },
  level: { title: 'Level', kind: 'text', oneOf: colorLevels, description: 'firm or indicative' },
  bwic: { title: 'BWIC', kind: 'text', description: 'Of the list it was part of' },
  at: { title: 'Time', kind: 'instant', description: 'When it was said' },
  confidence: { title: 'Confidence', kind: 'number', description: '0 to 1: how sure the reader of the text is' },
} as const satisfies Record<string, ColorFieldType>;
export type ColorField = keyof typeof colorFields;
export const colorFieldNames = Object.keys(colorFields) as ColorField[];
export const ColorField = z.enum(colorFieldNames as [ColorField, ...ColorField[]]).meta({ id: 'ColorField' });

const text = (most: number) => z.string().trim().max(most).nullable();
const amount = z.number().min(-1e12).max(1e12).nullable();
const checked = (fault: (text: string) => string | undefined) =>
  z
    .string()
    .trim()
    .toUpperCase()
    .superRefine((value, context) => {
      const message = fault(value);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .nullable();

/** Dates that a color may have: what lies outside was read wrongly. */
const Day = z.iso.date().refine((day) => day >= '1900-01-01' && day <= '2199-12-31', 'must be between 1900 and 2199');

/** A color as it is kept. Free columns stand in `more` by their header. */
export const Color = z
  .object({
    date: Day,
    cusip: checked(cusipFault),
    isin: checked(isinFault),
    ticker: text(40),
    issuer: text(300),
    coupon: amount,
    maturity: Day.nullable(),
    sector: text(100),
    market: text(100),
    currency: z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[A-Z]{3}$/, 'must be three letters: USD')
      .nullable(),
    source: text(100),
    dealer: text(100),
    bias: z.enum(colorBiases).nullable(),
    px: amount,
    spread: amount,
    yield: amount,
    size: amount,
    rank: z.number().int().min(0).max(1_000_000).nullable(),
    level: z.enum(colorLevels).nullable(),
    bwic: text(100),
    at: Instant.nullable(),
    confidence: z.number().min(0).max(1).nullable(),
    more: z.record(z.string().max(200), z.string().max(2_000)),
  })
  .meta({ id: 'Color' });
export type Color = z.infer<typeof Color>;

type ShownKind<K extends ColorFieldKind> = K extends 'number' | 'integer' ? z.ZodNullable<z.ZodNumber> : z.ZodNullable<z.ZodString>;
type ShownShape = { [F in ColorField]: ShownKind<(typeof colorFields)[F]['kind']> };
const shownKinds = {
  text: z.string().nullable(),
  date: z.string().nullable(),
  instant: z.string().nullable(),
  number: z.number().nullable(),
  integer: z.number().nullable(),
};
const shownShape = Object.fromEntries(colorFieldNames.map((name) => [name, shownKinds[colorFields[name].kind]])) as unknown as ShownShape;

/** A color as an answer shows it: what was kept, not checked again. */
export const ShownColor = z.object({ ...shownShape, more: z.record(z.string(), z.string()) }).meta({ id: 'ShownColor' });
export type ShownColor = z.infer<typeof ShownColor>;

/** What is not sure in a color that was read: shown to a person before it counts. By field. */
export const ColorDoubts = z
  .record(
    z.string(),
    z.object({
      was: z.string().max(500).describe('As it stood in the file'),
      why: z.string().max(500),
      confidence: z.number().min(0).max(1),
      repair: z.string().max(500).optional().describe('What it probably is, when that can be told'),
    }),
  )
  .meta({ id: 'ColorDoubts' });
export type ColorDoubts = z.infer<typeof ColorDoubts>;

/** What processing adds to a color. */
export const ColorPlace = z
  .object({
    excludedBy: Id.nullable().describe('The exclusion rule that took it out; the rest is null then'),
    position: z.number().int().nullable().describe('Its line in the sheet, from 1: parents in order, children below theirs'),
    family: z.number().int().nullable().describe('The same for a parent and its children, from 1'),
    child: z.number().int().nullable().describe('0: a parent; 1 and up: its place among the children'),
    color: z.string().nullable(),
    colorBy: Id.nullable().describe('The coloring rule that gave it'),
  })
  .meta({ id: 'ColorPlace' });
export type ColorPlace = z.infer<typeof ColorPlace>;

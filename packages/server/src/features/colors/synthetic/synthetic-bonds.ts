// Bonds that do not exist: their CUSIPs and ISINs have right check digits, their issuers are named synthetic.
import { cusipCheckDigit, isinCheckDigit } from '@tidewheel/contract/security-id';
import type { Random } from './random.ts';

export interface SyntheticBond {
  cusip: string | null;
  isin: string;
  ticker: string;
  issuer: string;
  coupon: number;
  maturity: string;
  sector: string;
  market: string;
  currency: string;
  /** Where its price stands on the first day. */
  px: number;
  spread: number;
  /** Who quotes it: bonds are made by a few. */
  dealers: string[];
}

export const syntheticDealers = ['ALDR', 'BRCH', 'CEDR', 'DOGW', 'ELMS', 'FIRR', 'GNKO', 'HZEL', 'IVYS', 'JNPR', 'KAPK', 'LRCH'] as const;
const sectors = ['Banks', 'Energy', 'Utilities', 'Healthcare', 'Telecom', 'Consumer', 'Industrials', 'Technology', 'CLO', 'Auto ABS'] as const;
const markets = ['IG', 'HY', 'EM', 'ABS'] as const;
const heads = [
  'Amber',
  'Basalt',
  'Cobalt',
  'Delta',
  'Ember',
  'Fjord',
  'Granite',
  'Harbor',
  'Indigo',
  'Juniper',
  'Krypton',
  'Lagoon',
  'Meridian',
  'Nimbus',
  'Onyx',
];
const tails = ['Holdings', 'Finance', 'Capital', 'Partners', 'Group', 'Resources', 'Networks', 'Foods'];
/** CUSIPs have neither I nor O. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

export function syntheticBonds(random: Random, count: number): SyntheticBond[] {
  const bonds: SyntheticBond[] = [];
  for (let issuerNumber = 0; bonds.length < count; issuerNumber++) {
    const issuer = issuerOf(random, issuerNumber);
    const issues = random.int(1, 6);
    for (let issue = 0; issue < issues && bonds.length < count; issue++) bonds.push(bondOf(random, issuer, issue));
  }
  return bonds;
}

interface Issuer {
  six: string;
  ticker: string;
  name: string;
  sector: string;
  market: string;
  country: string;
}

function issuerOf(random: Random, number: number): Issuer {
  const head = heads[number % heads.length] as string;
  // A third begins with zeros, some have an E among digits: what spreadsheets eat.
  const digits = String(random.int(0, 99_999)).padStart(5, '0');
  const shape = random.int(0, 9);
  const six = shape < 3 ? `0${digits}` : shape === 3 ? `${digits}E` : `${digits}${random.pick([...letters])}`;
  return {
    six,
    ticker: `${head.slice(0, 2).toUpperCase()}${letters[number % letters.length]}${letters[Math.floor(number / letters.length) % letters.length]}`,
    name: `${head} ${tails[Math.floor(number / heads.length) % tails.length]} ${Math.floor(number / (heads.length * tails.length)) + 1} (synthetic)`,
    sector: random.pick(sectors),
    market: random.pick(markets),
    country: random.once(12) ? random.pick(['XS', 'DE', 'GB']) : 'US',
  };
}

function bondOf(random: Random, { six, ticker, name, sector, market, country }: Issuer, issue: number): SyntheticBond {
  const eight = `${six}${String(random.int(0, 9))}${issue}`;
  const cusip = eight + cusipCheckDigit(eight);
  const eleven = `${country}${country === 'US' ? cusip : String(random.int(0, 999_999_999)).padStart(9, '0')}`;
  return {
    cusip: country === 'US' ? cusip : null,
    isin: eleven + isinCheckDigit(eleven),
    ticker,
    issuer: name,
    coupon: random.int(4, 72) / 8,
    maturity: `${random.int(2027, 2056)}-${String(random.int(1, 12)).padStart(2, '0')}-${random.pick(['01', '15'])}`,
    sector,
    market,
    currency: country === 'US' ? 'USD' : random.pick(['EUR', 'GBP', 'USD']),
    px: rounded(98 + random.bell() * (market === 'HY' || market === 'EM' ? 14 : 5), 3),
    spread: Math.round(80 + Math.abs(random.bell()) * (market === 'IG' ? 80 : 350)),
    dealers: Array.from({ length: random.int(2, 7) }, () => random.pick(syntheticDealers)),
  };
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

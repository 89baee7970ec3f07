// Who trades what in the synthetic day: the firm, its counterparties, clients, traders and instruments. All invented; only venues and check-digit rules are real.
import { cusipOf, isinOf, leiOf } from './identifiers.ts';
import type { Random } from './random.ts';

export interface Person {
  /** RTS 22 CONCAT: country, birth date, five letters of each name, padded with #. */
  id: string;
  country: string;
  firstName: string;
  surname: string;
  birthDate: string;
}

export interface Instrument {
  isin: string;
  kind: 'share' | 'bond';
  currency: string;
  /** In ten-thousandths: of the currency for a share, of a percent of nominal for a bond. */
  basePrice: number;
  venues: readonly string[];
}

export interface Cast {
  firm: string;
  centralCounterparties: readonly string[];
  counterparties: readonly string[];
  companies: readonly string[];
  clients: readonly Person[];
  staff: readonly Person[];
  algorithms: readonly string[];
  instruments: readonly Instrument[];
}

// No registrar of LEIs has the prefix SYNT, so none of these can be taken for a real firm's.
const synthLei = (group: string, number: number) => leiOf(`SYNT00${group}${String(number).padStart(10, '0')}`);

const firstNames = [
  'AMELIE',
  'BRUNO',
  'CLAIRE',
  'DANIEL',
  'ELSA',
  'FABIAN',
  'GRETA',
  'HUGO',
  'INES',
  'JONAS',
  'KLARA',
  'LOUIS',
  'MARIE-EVE',
  'NIALL',
  'ODETTE',
  'PAUL',
];
const surnames = [
  "O'NEILL",
  'MARTIN',
  'SCHAEFER',
  'DUBOIS',
  'KELLY',
  'WAGNER',
  "D'ANGELO",
  'BERNARD',
  'HUBER',
  'LEROY',
  'MURPHY',
  'FISCHER',
  'MOREAU',
  'GRUBER',
  'BYRNE',
  'LAURENT',
];
// Countries whose first identifier in RTS 22 Annex II is CONCAT.
const countries = ['AT', 'DE', 'FR', 'IE'];

const letters = (name: string) =>
  name
    .replace(/[^A-Z]/g, '')
    .slice(0, 5)
    .padEnd(5, '#');

function person(random: Random): Person {
  const country = random.pick(countries);
  const firstName = random.pick(firstNames);
  const surname = random.pick(surnames);
  const two = (value: number) => String(value).padStart(2, '0');
  const birthDate = `${1950 + random.integer(50)}-${two(1 + random.integer(12))}-${two(1 + random.integer(28))}`;
  return { id: `${country}${birthDate.replaceAll('-', '')}${letters(firstName)}${letters(surname)}`, country, firstName, surname, birthDate };
}

const shareMarkets = [
  { country: 'FR', currency: 'EUR', venues: ['XPAR', 'AQEU', 'TQEX', 'CEUX'] },
  { country: 'DE', currency: 'EUR', venues: ['XETR', 'XFRA', 'TQEX'] },
  { country: 'NL', currency: 'EUR', venues: ['XAMS', 'CEUX'] },
  { country: 'IT', currency: 'EUR', venues: ['MTAA'] },
  { country: 'SE', currency: 'SEK', venues: ['XSTO'] },
  { country: 'DK', currency: 'DKK', venues: ['XCSE'] },
  { country: 'GB', currency: 'GBP', venues: ['XLON'] },
] as const;

function share(random: Random, number: number): Instrument {
  const basePrice = 30_000 + random.integer(3_000_000);
  if (number % 8 === 7) {
    const cusip = cusipOf(`SYN${String(number).padStart(5, '0')}`);
    return { isin: isinOf(`US${cusip}`), kind: 'share', currency: 'USD', basePrice, venues: ['XNAS', 'XNYS'] };
  }
  const market = random.pick(shareMarkets);
  return {
    isin: isinOf(`${market.country}0SYN${String(number).padStart(5, '0')}`),
    kind: 'share',
    currency: market.currency,
    basePrice,
    venues: market.venues,
  };
}
function bond(random: Random, number: number): Instrument {
  const country = random.pick(['FR', 'DE', 'IT', 'ES', 'XS']);
  return {
    isin: isinOf(`${country}0SYB${String(number).padStart(5, '0')}`),
    kind: 'bond',
    currency: 'EUR',
    basePrice: 850_000 + random.integer(250_000),
    venues: ['XLUX', 'XFRA', 'XPAR'],
  };
}

const list = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index));

export function castOf(random: Random): Cast {
  return {
    firm: synthLei('FI', 1),
    centralCounterparties: list(3, (index) => synthLei('CC', index + 1)),
    counterparties: list(40, (index) => synthLei('CP', index + 1)),
    companies: list(60, (index) => synthLei('CO', index + 1)),
    clients: list(80, () => person(random)),
    staff: list(14, () => person(random)),
    algorithms: list(6, (index) => `ALGOSYN${String(index + 1).padStart(4, '0')}`),
    instruments: [...list(90, (index) => share(random, index + 1)), ...list(30, (index) => bond(random, index + 1))],
  };
}

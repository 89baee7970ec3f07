// A dealer's line often names a bond by ticker, coupon and maturity alone. Which of the bonds that were processed before it can mean. Pure.
import type { Color, ColorDoubts } from '@tidewheel/contract/color';

export interface KnownBond {
  cusip: string | null;
  isin: string | null;
  ticker: string;
  coupon: number | null;
  maturity: string | null;
}
interface Read {
  color: Color;
  doubts: ColorDoubts;
}

/** Without coupon and maturity a ticker is an issuer, not a bond. */
export function isNamedByWords({ color: { cusip, isin, ticker, coupon, maturity, more }, doubts }: Read): boolean {
  const isBare = cusip === null && isin === null && !doubts['cusip'] && !doubts['isin'];
  return isBare && ticker !== null && (coupon !== null || maturity !== null || more[yearColumn] !== undefined);
}

const yearColumn = 'maturity year';
/** By how much of it was said; several are in doubt. */
const sureness = { wholly: 0.95, byYear: 0.9, byPart: 0.7 };
const severalWhy = 'is not said; several known bonds fit, of which the one that is spoken of most is offered';

/**
 * One bond fits: it is taken, and the color is as sure as that. Several: a doubt names them and offers the first. `bonds`: of its ticker, those that are spoken of
 * most first.
 */
export function withKnownBond<R extends Read>(read: R, bonds: readonly KnownBond[]): R {
  const { color, doubts } = read;
  const fitting = bonds.filter((bond) => fits(bond, color));
  const [bond] = fitting;
  if (!bond) return read;
  if (fitting.length === 1) {
    const confidence = Math.min(color.confidence ?? 1, surenessOf(color));
    return {
      ...read,
      color: { ...color, cusip: bond.cusip, isin: bond.isin, coupon: color.coupon ?? bond.coupon, maturity: color.maturity ?? bond.maturity, confidence },
    };
  }
  const confidence = 1 / fitting.length;
  const field = bond.cusip === null ? 'isin' : 'cusip';
  const names = fitting.map(({ cusip, isin }) => cusip ?? isin).join(', ');
  const doubt = { was: `${saidOf(color)}: ${names}`.slice(0, 500), why: severalWhy, confidence, repair: bond[field] ?? '' };
  return { ...read, color: { ...color, confidence: Math.min(color.confidence ?? 1, confidence) }, doubts: { ...doubts, [field]: doubt } };
}

function fits(bond: KnownBond, { coupon, maturity, more }: Color): boolean {
  if (coupon !== null && bond.coupon !== coupon) return false;
  if (maturity !== null) return bond.maturity === maturity;
  const year = more[yearColumn];
  return year === undefined || bond.maturity?.slice(0, 4) === year;
}

function surenessOf({ coupon, maturity, more }: Color): number {
  if (coupon === null) return sureness.byPart;
  if (maturity !== null) return sureness.wholly;
  return more[yearColumn] === undefined ? sureness.byPart : sureness.byYear;
}

function saidOf({ ticker, coupon, maturity, more }: Color): string {
  return [ticker, coupon, maturity ?? more[yearColumn]].filter((part) => part !== null && part !== undefined).join(' ');
}

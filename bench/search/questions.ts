// What a desk asks in a day, each with the statement that somebody would write who knows the tables: page and count.
import type { ColorFilter, ColorSort } from '@tidewheel/contract/routes/color-search';

export interface Question {
  kind: string;
  filter: ColorFilter;
  sort: ColorSort;
  /** `$1` is the workspace. */
  bare: { where: string; order: string; values: unknown[] };
}

export interface Bond {
  cusip: string;
  isin: string;
  ticker: string;
  issuer: string;
  sector: string;
  market: string;
}

const newest = 'date desc, processing_id desc, line desc';
const ofTicker = '(select security from color_security s where s.workspace_id = $1 and upper(s.ticker) = $2)';

/** `day`: the last one; `chance`: 0 to 1, from a seed. */
export function questions(bonds: readonly Bond[], { chance, monthAgo, yearAgo }: { chance: () => number; monthAgo: string; yearAgo: string }): Question[] {
  return bonds.map((bond) => {
    const makers = [
      byCusip,
      byCusip,
      byCusip,
      byIsin,
      byTicker,
      byTicker,
      byIssuer,
      byIssuerLately,
      byTickerOfDealer,
      bySector,
      byDealerAndPrice,
      byPrice,
      newestOfAll,
      byPriceAlone,
      byTickerByPrice,
    ];
    const make = makers[Math.floor(chance() * makers.length)] as (typeof makers)[number];
    return make(bond, { dealer: `D${Math.floor(chance() * 32)}`, monthAgo, yearAgo });
  });
}

interface More {
  dealer: string;
  monthAgo: string;
  yearAgo: string;
}

function byCusip({ cusip }: Bond): Question {
  return { kind: 'CUSIP', filter: { text: cusip }, sort: 'newest', bare: { where: 'security = $2', order: newest, values: [cusip] } };
}
function byIsin({ isin, cusip }: Bond): Question {
  return { kind: 'ISIN', filter: { text: isin }, sort: 'newest', bare: { where: 'security = $2', order: newest, values: [cusip] } };
}
function byTicker({ ticker }: Bond): Question {
  return { kind: 'ticker', filter: { text: ticker }, sort: 'newest', bare: { where: `security in ${ofTicker}`, order: newest, values: [ticker] } };
}
const ofWords = `(select security from color_security s where s.workspace_id = $1 and s.words @@ to_tsquery('simple', $2))`;
const wordsOf = (issuer: string) =>
  issuer
    .split(' ')
    .slice(0, 2)
    .map((word) => `${word}:*`)
    .join(' & ');
function byIssuer({ issuer }: Bond): Question {
  const text = issuer.split(' ').slice(0, 2).join(' ');
  return { kind: 'issuer', filter: { text }, sort: 'newest', bare: { where: `security in ${ofWords}`, order: newest, values: [wordsOf(issuer)] } };
}
function byIssuerLately({ issuer }: Bond, { yearAgo: from }: More): Question {
  const text = issuer.split(' ').slice(0, 2).join(' ');
  const where = `security in ${ofWords} and date >= $3`;
  return { kind: 'issuer, a year', filter: { text, from }, sort: 'newest', bare: { where, order: newest, values: [wordsOf(issuer), from] } };
}
function byTickerOfDealer({ ticker }: Bond, { dealer }: More): Question {
  const where = `security in ${ofTicker} and dealer = $3 and bias = $4`;
  return {
    kind: 'ticker, dealer, bias',
    filter: { text: ticker, dealer, bias: 'bid' },
    sort: 'newest',
    bare: { where, order: newest, values: [ticker, dealer, 'bid'] },
  };
}
function bySector({ sector, market }: Bond, { monthAgo: from }: More): Question {
  const where = 'sector = $2 and market = $3 and date >= $4';
  return { kind: 'sector, market, a month', filter: { sector, market, from }, sort: 'newest', bare: { where, order: newest, values: [sector, market, from] } };
}
function byDealerAndPrice(_: Bond, { dealer, monthAgo: from }: More): Question {
  const where = 'dealer = $2 and px >= $3 and px <= $4 and date >= $5';
  return {
    kind: 'dealer, price, a month',
    filter: { dealer, pxFrom: 95, pxTo: 96, from },
    sort: 'newest',
    bare: { where, order: newest, values: [dealer, 95, 96, from] },
  };
}
function byPrice({ cusip }: Bond): Question {
  return {
    kind: 'CUSIP by price',
    filter: { text: cusip },
    sort: '-px',
    bare: { where: 'security = $2', order: `px desc nulls last, ${newest}`, values: [cusip] },
  };
}
function byPriceAlone(): Question {
  return { kind: 'price', filter: { pxFrom: 95, pxTo: 96 }, sort: 'newest', bare: { where: 'px >= $2 and px <= $3', order: newest, values: [95, 96] } };
}
function byTickerByPrice({ ticker }: Bond): Question {
  return {
    kind: 'ticker by price',
    filter: { text: ticker },
    sort: '-px',
    bare: { where: `security in ${ofTicker}`, order: `px desc nulls last, ${newest}`, values: [ticker] },
  };
}
function newestOfAll(): Question {
  return { kind: 'everything, newest', filter: {}, sort: 'newest', bare: { where: 'true', order: newest, values: [] } };
}

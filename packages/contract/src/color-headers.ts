// What people call the fields of a color at the head of a column. Compared without case, blanks and signs.
import type { ColorField } from './color.ts';

const names: Record<ColorField, string[]> = {
  date: ['date', 'tradedate', 'asof', 'asofdate', 'quotedate', 'businessdate', 'colordate', 'pricingdate', 'dt'],
  cusip: ['cusip', 'cusip9', 'cusipno', 'cusipnumber', 'cuspid'],
  isin: ['isin', 'isincode', 'isinno'],
  ticker: ['ticker', 'tkr', 'tick', 'symbol', 'issuerticker', 'bondticker'],
  issuer: ['issuer', 'issuername', 'name', 'description', 'security', 'securityname', 'securitydescription', 'bond', 'bondname', 'deal', 'dealname'],
  coupon: ['coupon', 'cpn', 'cpnrate', 'couponrate'],
  maturity: ['maturity', 'mty', 'mat', 'maturitydate', 'matdate', 'finalmaturity'],
  sector: ['sector', 'industry', 'sectorname', 'assetclass', 'subsector'],
  market: ['market', 'mkt', 'marketsegment', 'segment'],
  currency: ['currency', 'ccy', 'cur', 'curr'],
  source: ['source', 'src', 'feed', 'origin'],
  dealer: ['dealer', 'broker', 'bank', 'counterparty', 'cpty', 'brokerdealer', 'dlr', 'from', 'quotedby'],
  bias: ['bias', 'side', 'bidoffer', 'bidask', 'bo', 'direction', 'quotetype', 'type', 'colortype'],
  px: ['px', 'price', 'pr', 'level', 'cleanprice', 'quote', 'dollarprice', 'pricelevel', 'colorprice', 'coverpx', 'coverprice'],
  spread: ['spread', 'sprd', 'sprd(bp)', 'oas', 'zspread', 'gspread', 'ispread', 'dm', 'discountmargin', 'spreadbps', 'spd'],
  yield: ['yield', 'yld', 'ytm', 'ytw', 'yieldtoworst', 'yieldtomaturity'],
  size: ['size', 'sizemm', 'amount', 'amt', 'qty', 'quantity', 'notional', 'face', 'facemm', 'par', 'sz', 'origface', 'currentface'],
  rank: ['rank', 'rnk', 'ranking', 'tier', 'priority'],
  level: ['leveltype', 'firmindicative', 'firmindic', 'firm', 'indicative', 'quality'],
  bwic: ['bwic', 'bwicid', 'list', 'listid', 'bwicno', 'owic'],
  at: ['time', 'timestamp', 'at', 'quotetime', 'received', 'receivedat', 'datetime', 'tradetime', 'updated'],
  confidence: ['confidence', 'conf'],
};

export function plainHeader(header: string): string {
  return header.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const fieldByName = new Map(Object.entries(names).flatMap(([field, all]) => all.map((name) => [plainHeader(name), field as ColorField] as const)));

/** The field of that header; undefined when no header is called so. */
export function fieldOfHeader(header: string): ColorField | undefined {
  return fieldByName.get(plainHeader(header));
}

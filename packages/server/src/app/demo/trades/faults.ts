// The ten kinds of fault that the synthetic day holds, and the rule of the flow `mifir-daily` that must catch each of them.
import type { Random } from './random.ts';
import type { Trade } from './trade.ts';

export interface FaultKind {
  /** The check in mifir-daily.yaml that catches it. */
  rule: string;
  /** How many rows of a day of 10,000 have it. */
  count: number;
  fits(trade: Trade): boolean;
  /** Spoils the trade; `earlier` is a faultless row before it. */
  spoil(random: Random, { trade, earlier }: { trade: Trade; earlier: Trade }): Partial<Trade>;
}

const always = () => true;
// Check digits run from 02 to 98; 00, 01 and 99 are avoided, for they can stand in for 97, 98 and 02 modulo 97.
function otherCheckDigits(random: Random, lei: string): string {
  return lei.slice(0, 18) + String(2 + ((Number(lei.slice(18)) - 2 + 1 + random.integer(96)) % 97)).padStart(2, '0');
}
function nextDay(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}
// Each is read as an instant by some lenient parser, and none is what RTS 22 asks for.
const wrongForms: readonly ((text: string) => string)[] = [
  (text) => text.replace('T', ' '),
  (text) => text.replace('Z', ''),
  (text) => text.replace('Z', '+00:00'),
  (text) => text.replace('.', ','),
  (text) => `${text.slice(8, 10)}/${text.slice(5, 7)}/${text.slice(0, 4)} ${text.slice(11, 19)}`,
];

export const faultKinds: readonly FaultKind[] = [
  {
    rule: 'lei_check_digits',
    count: 37,
    fits: (trade) => trade.buyer_id_type === 'LEI',
    spoil: (random, { trade }) => ({ buyer_id: otherCheckDigits(random, trade.buyer_id) }),
  },
  {
    rule: 'isin_check_digit',
    count: 31,
    fits: always,
    spoil: (random, { trade }) => ({
      instrument_isin: trade.instrument_isin.slice(0, 11) + String((Number(trade.instrument_isin.slice(11)) + 1 + random.integer(9)) % 10),
    }),
  },
  { rule: 'venue_in_iso_10383', count: 29, fits: always, spoil: (random) => ({ venue_mic: random.pick(['XZZQ', 'QQ7Q', 'ZPAR', 'ZZZ9']) }) },
  { rule: 'price_not_negative', count: 13, fits: always, spoil: (_random, { trade }) => ({ price: `-${trade.price}` }) },
  { rule: 'quantity_above_zero', count: 17, fits: always, spoil: () => ({ quantity: '0' }) },
  {
    rule: 'timestamp_rts22_format',
    count: 23,
    fits: always,
    spoil: (random, { trade }) => ({ trading_datetime: random.pick(wrongForms)(trade.trading_datetime) }),
  },
  {
    rule: 'timestamp_on_business_date',
    count: 11,
    fits: always,
    spoil: (_random, { trade }) => ({ trading_datetime: nextDay(trade.trading_datetime.slice(0, 10)) + trade.trading_datetime.slice(10) }),
  },
  {
    rule: 'buyer_present',
    count: 19,
    fits: always,
    spoil: () => ({
      buyer_id_type: '',
      buyer_id: '',
      buyer_branch_country: '',
      buyer_first_name: '',
      buyer_surname: '',
      buyer_birth_date: '',
      buyer_decision_maker_lei: '',
    }),
  },
  { rule: 'reference_unique', count: 14, fits: always, spoil: (_random, { earlier }) => ({ transaction_reference: earlier.transaction_reference }) },
  {
    rule: 'currency_in_iso_4217',
    count: 16,
    fits: (trade) => trade.price_type === 'MONE',
    spoil: (random) => ({ price_currency: random.pick(['GBX', 'EUX', 'XBT', 'DEM']) }),
  },
];

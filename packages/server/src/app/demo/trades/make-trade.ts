import type { Cast, Instrument, Person } from './cast.ts';
import type { Random } from './random.ts';
import { type Trade, tradeColumns } from './trade.ts';

/** Whole units of 10^-scale as decimal text, without a detour through floating point. */
export function decimalText(units: bigint, scale: number): string {
  const digits = units.toString().padStart(scale + 1, '0');
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return digits.slice(0, digits.length - scale) + (fraction ? `.${fraction}` : '');
}

interface Party {
  type: 'LEI' | 'CONCAT' | 'INTC';
  id: string;
  person?: Person;
  decisionMaker?: string;
}

function client(random: Random, cast: Cast): Party {
  if (random.chance(55)) return { type: 'LEI', id: random.pick(cast.companies) };
  const person = random.pick(cast.clients);
  // Some clients gave the firm a mandate: then the firm decides for them (field 12 or 21).
  return { type: 'CONCAT', id: person.id, person, ...(random.chance(30) ? { decisionMaker: cast.firm } : {}) };
}

function partyFields(side: 'buyer' | 'seller', party: Party): Partial<Trade> {
  return {
    [`${side}_id_type`]: party.type,
    [`${side}_id`]: party.id,
    [`${side}_branch_country`]: party.person?.country ?? '',
    [`${side}_first_name`]: party.person?.firstName ?? '',
    [`${side}_surname`]: party.person?.surname ?? '',
    [`${side}_birth_date`]: party.person?.birthDate ?? '',
    [`${side}_decision_maker_lei`]: party.decisionMaker ?? '',
  };
}

function priceFields(random: Random, instrument: Instrument): Partial<Trade> {
  // Up to 2 % around the base, on a tick of 0.005.
  const price = BigInt(Math.max(50, Math.round((instrument.basePrice * (9_800 + random.integer(401))) / 10_000 / 50) * 50));
  if (instrument.kind === 'share') {
    const quantity = BigInt(1 + random.integer(4_000));
    return { quantity_type: 'UNIT', quantity: `${quantity}`, price_type: 'MONE', price: decimalText(price, 4), price_currency: instrument.currency };
  }
  const nominal = 1_000n * BigInt(1 + random.integer(2_000));
  return {
    quantity_type: 'NMNL',
    quantity: `${nominal}`,
    quantity_currency: instrument.currency,
    price_type: 'PERC',
    price: decimalText(price, 4),
    net_amount: decimalText(nominal * price, 6),
  };
}

function decisionFields(random: Random, { cast, capacity, mandate }: { cast: Cast; capacity: string; mandate: boolean }): Partial<Trade> {
  const trader = random.pick(cast.staff);
  const byAlgorithm = random.chance(35);
  const execution: Partial<Trade> = byAlgorithm
    ? { execution_type: 'ALGO', execution_id: random.pick(cast.algorithms) }
    : { execution_type: 'CONCAT', execution_id: trader.id, execution_country: 'FR' };
  // Field 57 is filled when the firm decides: on own account or under a mandate.
  if (capacity !== 'DEAL' && !mandate) return random.chance(10) ? { execution_type: 'NORE' } : execution;
  const decider = random.pick(cast.staff);
  return { ...execution, investment_decision_type: 'CONCAT', investment_decision_id: decider.id, investment_decision_country: 'FR' };
}

/** Microseconds since midnight UTC as RTS 22 writes the instant (ISO 8601, Z). */
function instantText(date: string, micros: number): string {
  const part = (value: number, length: number) => String(value).padStart(length, '0');
  const seconds = Math.floor(micros / 1_000_000);
  return `${date}T${part(Math.floor(seconds / 3_600), 2)}:${part(Math.floor(seconds / 60) % 60, 2)}:${part(seconds % 60, 2)}.${part(micros % 1_000_000, 6)}Z`;
}

/** A faultless trade. */
export function makeTrade(random: Random, { cast, row, businessDate, micros }: { cast: Cast; row: number; businessDate: string; micros: number }): Trade {
  const trade = Object.fromEntries(tradeColumns.map((column) => [column, ''])) as Trade;
  const instrument = random.pick(cast.instruments);
  const venue = random.chance(88) ? random.pick(instrument.venues) : 'XOFF';
  const capacity = random.chance(40) ? 'DEAL' : random.chance(90) ? 'AOTC' : 'MTCH';
  const ours: Party = capacity === 'DEAL' ? { type: 'LEI', id: cast.firm } : client(random, cast);
  const other: Party = { type: 'LEI', id: venue === 'XOFF' ? random.pick(cast.counterparties) : random.pick(cast.centralCounterparties) };
  const weBuy = random.chance(50);
  const number = String(row).padStart(6, '0');
  return {
    ...trade,
    synthetic_row: String(row),
    transaction_reference: `SYN${businessDate.replaceAll('-', '')}${number}`,
    venue_transaction_id: venue === 'XOFF' ? '' : `${venue}${businessDate.replaceAll('-', '')}${number}`,
    executing_entity_lei: cast.firm,
    investment_firm: 'true',
    submitting_entity_lei: cast.firm,
    ...partyFields('buyer', weBuy ? ours : other),
    ...partyFields('seller', weBuy ? other : ours),
    order_transmitted: 'false',
    trading_datetime: instantText(businessDate, micros),
    trading_capacity: capacity,
    ...priceFields(random, instrument),
    venue_mic: venue,
    instrument_isin: instrument.isin,
    ...decisionFields(random, { cast, capacity, mandate: ours.decisionMaker !== undefined }),
    short_selling: !weBuy && instrument.kind === 'share' ? (random.chance(8) ? 'SESH' : 'SELL') : '',
    otc_indicator: venue === 'XOFF' && random.chance(5) ? 'SDIV' : '',
    securities_financing: 'false',
  };
}

// A faultless trade as a row of the table that the report reads.
import type { Row } from '@tidewheel/kit/step-context';

const common = {
  executing_entity_lei: 'SYNT00FI000000000117',
  investment_firm: 'true',
  submitting_entity_lei: 'SYNT00FI000000000117',
  seller_id_type: 'LEI',
  seller_id: 'SYNT00CC000000000188',
  order_transmitted: 'false',
  trading_datetime: '2026-11-18T09:15:22.123456Z',
  trading_capacity: 'AOTC',
  venue_mic: 'XPAR',
  securities_financing: 'false',
};

export function shareTrade(number: number, changes: Row = {}): Row {
  return {
    ...common,
    transaction_reference: `SYN${number}`,
    venue_transaction_id: `XPAR${number}`,
    buyer_id_type: 'CONCAT',
    buyer_id: 'FR19800113MARIEONEIL',
    buyer_branch_country: 'FR',
    buyer_first_name: 'MARIE-ÈVE',
    buyer_surname: `O'NEILL & <SØNS> "2"`,
    buyer_birth_date: '1980-01-13',
    buyer_decision_maker_lei: 'SYNT00FI000000000117',
    quantity_type: 'UNIT',
    quantity: '1500.0000',
    quantity_currency: null,
    price_type: 'MONE',
    price: '261.605000',
    price_currency: 'EUR',
    net_amount: null,
    instrument_isin: 'FR0000121014',
    investment_decision_type: 'CONCAT',
    investment_decision_id: 'FR19740115AMELIHUBER',
    investment_decision_country: 'FR',
    execution_type: 'ALGO',
    execution_id: 'ALGOSYN0001',
    execution_country: null,
    short_selling: 'SESH',
    otc_indicator: 'SDIV LRGS',
    ...changes,
  };
}

export function bondTrade(number: number, changes: Row = {}): Row {
  return {
    ...shareTrade(number),
    buyer_id_type: 'LEI',
    buyer_id: '529900T8BM49AURSDO55',
    buyer_branch_country: null,
    buyer_first_name: null,
    buyer_surname: null,
    buyer_birth_date: null,
    buyer_decision_maker_lei: null,
    quantity_type: 'NMNL',
    quantity: '456000',
    quantity_currency: 'EUR',
    price_type: 'PERC',
    price: '100.48',
    price_currency: null,
    net_amount: '458188.80',
    execution_type: 'NORE',
    execution_id: null,
    short_selling: null,
    otc_indicator: null,
    ...changes,
  };
}

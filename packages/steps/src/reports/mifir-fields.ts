// The fields of a MiFIR transaction report (RTS 22, Regulation (EU) 2017/590, Annex I, table 2) and the column each is read from unless told otherwise.

export interface ReportField {
  /** Its number in table 2 of RTS 22. */
  number: string;
  column: string;
  /** The column must exist; whether a row may leave it empty is decided row by row. */
  needed?: true;
  /** A decimal: its column must not be of a floating-point type. */
  decimal?: true;
}

export const mifirFields = {
  action: { number: '1', column: 'action' },
  transactionReference: { number: '2', column: 'transaction_reference', needed: true },
  venueTransactionId: { number: '3', column: 'venue_transaction_id' },
  executingEntity: { number: '4', column: 'executing_entity_lei', needed: true },
  investmentFirm: { number: '5', column: 'investment_firm', needed: true },
  submittingEntity: { number: '6', column: 'submitting_entity_lei', needed: true },
  buyerIdType: { number: '7', column: 'buyer_id_type', needed: true },
  buyerId: { number: '7', column: 'buyer_id', needed: true },
  buyerBranchCountry: { number: '8', column: 'buyer_branch_country' },
  buyerFirstName: { number: '9', column: 'buyer_first_name' },
  buyerSurname: { number: '10', column: 'buyer_surname' },
  buyerBirthDate: { number: '11', column: 'buyer_birth_date' },
  buyerDecisionMaker: { number: '12', column: 'buyer_decision_maker_lei' },
  sellerIdType: { number: '16', column: 'seller_id_type', needed: true },
  sellerId: { number: '16', column: 'seller_id', needed: true },
  sellerBranchCountry: { number: '17', column: 'seller_branch_country' },
  sellerFirstName: { number: '18', column: 'seller_first_name' },
  sellerSurname: { number: '19', column: 'seller_surname' },
  sellerBirthDate: { number: '20', column: 'seller_birth_date' },
  sellerDecisionMaker: { number: '21', column: 'seller_decision_maker_lei' },
  orderTransmitted: { number: '25', column: 'order_transmitted', needed: true },
  transmittingFirmBuyer: { number: '26', column: 'transmitting_firm_buyer_lei' },
  transmittingFirmSeller: { number: '27', column: 'transmitting_firm_seller_lei' },
  tradingTime: { number: '28', column: 'trading_datetime', needed: true },
  tradingCapacity: { number: '29', column: 'trading_capacity', needed: true },
  quantityType: { number: '30', column: 'quantity_type', needed: true },
  quantity: { number: '30', column: 'quantity', needed: true, decimal: true },
  quantityCurrency: { number: '31', column: 'quantity_currency' },
  notionalChange: { number: '32', column: 'notional_change' },
  priceType: { number: '33', column: 'price_type', needed: true },
  price: { number: '33', column: 'price', needed: true, decimal: true },
  priceCurrency: { number: '34', column: 'price_currency' },
  netAmount: { number: '35', column: 'net_amount', decimal: true },
  venue: { number: '36', column: 'venue_mic', needed: true },
  venueBranchCountry: { number: '37', column: 'branch_membership_country' },
  complexTradeId: { number: '40', column: 'complex_trade_id' },
  instrument: { number: '41', column: 'instrument_isin', needed: true },
  decisionType: { number: '57', column: 'investment_decision_type' },
  decisionId: { number: '57', column: 'investment_decision_id' },
  decisionCountry: { number: '58', column: 'investment_decision_country' },
  executionType: { number: '59', column: 'execution_type', needed: true },
  executionId: { number: '59', column: 'execution_id' },
  executionCountry: { number: '60', column: 'execution_country' },
  waivers: { number: '61', column: 'waiver_indicators' },
  shortSelling: { number: '62', column: 'short_selling' },
  otcIndicators: { number: '63', column: 'otc_indicator' },
  riskReducing: { number: '64', column: 'risk_reducing' },
  securitiesFinancing: { number: '65', column: 'securities_financing', needed: true },
} as const satisfies Record<string, ReportField>;

export type MifirField = keyof typeof mifirFields;
export const mifirFieldNames = Object.keys(mifirFields) as [MifirField, ...MifirField[]];
export const mifirNamespace = 'urn:iso:std:iso:20022:tech:xsd:auth.016.001.01';

// One transaction as auth.016 writes it, element by element in the order of the message definition.
import type { RecordReader } from './record-reader.ts';
import { amount, group, leaf } from './xml-text.ts';

const personSchemes = ['CONCAT', 'NIDN', 'CCPT'];
// Digits as auth.016.001.01 limits them.
const unitLimits = { totalDigits: 18, fractionDigits: 17, above: 'zero' } as const;
const nominalLimits = { totalDigits: 18, fractionDigits: 5, above: 'zero' } as const;
const netLimits = { totalDigits: 18, fractionDigits: 5, atLeast: 'zero' } as const;
const moneyLimits = { totalDigits: 18, fractionDigits: 13 };
const rateLimits = { totalDigits: 11, fractionDigits: 10 };
const pointLimits = { totalDigits: 18, fractionDigits: 17 };

/** `<Tx>…</Tx>` of the reader's row, on one line. Look at `reader.faults` before using it. */
export function transactionXml(reader: RecordReader): string {
  return group('Tx', reader.code('action', ['NEWT', 'CANC']) === 'CANC' ? cancellation(reader) : newTransaction(reader));
}

function cancellation(reader: RecordReader): string {
  return group(
    'Cxl',
    leaf('TxId', reader.required('transactionReference')) +
      leaf('ExctgPty', reader.required('executingEntity')) +
      leaf('SubmitgPty', reader.required('submittingEntity')),
  );
}

function newTransaction(reader: RecordReader): string {
  return group(
    'New',
    leaf('TxId', reader.required('transactionReference')) +
      leaf('ExctgPty', reader.required('executingEntity')) +
      leaf('InvstmtPtyInd', reader.requiredFlag('investmentFirm')) +
      leaf('SubmitgPty', reader.required('submittingEntity')) +
      group('Buyr', side(reader, 'buyer')) +
      group('Sellr', side(reader, 'seller')) +
      transmission(reader) +
      trade(reader) +
      group('FinInstrm', leaf('Id', reader.required('instrument'))) +
      decision(reader) +
      group('ExctgPrsn', execution(reader)) +
      indicators(reader),
  );
}

function side(reader: RecordReader, name: 'buyer' | 'seller'): string {
  const owner = group('Id', accountOwner(reader, name)) + leaf('CtryOfBrnch', reader.text(`${name}BranchCountry`));
  return group('AcctOwnr', owner) + group('DcsnMakr', leaf('LEI', reader.text(`${name}DecisionMaker`)));
}
function accountOwner(reader: RecordReader, name: 'buyer' | 'seller'): string {
  const type = reader.requiredCode(`${name}IdType`, ['LEI', 'MIC', 'INTC', ...personSchemes]);
  if (type === '') return '';
  if (type === 'INTC') return leaf('Intl', 'INTC');
  const id = reader.required(`${name}Id`);
  if (type === 'LEI' || type === 'MIC') return leaf(type, id);
  const names = leaf('FrstNm', reader.required(`${name}FirstName`)) + leaf('Nm', reader.required(`${name}Surname`));
  return group('Prsn', names + leaf('BirthDt', reader.date(`${name}BirthDate`)) + personId(id, type));
}
// CONCAT is a proprietary scheme of RTS 22; national number and passport are codes of ISO 20022.
function personId(id: string, scheme: string): string {
  return group('Othr', leaf('Id', id) + group('SchmeNm', scheme === 'CONCAT' ? leaf('Prtry', scheme) : leaf('Cd', scheme)));
}

function transmission(reader: RecordReader): string {
  const firms = leaf('TrnsmttgBuyr', reader.text('transmittingFirmBuyer')) + leaf('TrnsmttgSellr', reader.text('transmittingFirmSeller'));
  return group('OrdrTrnsmssn', leaf('TrnsmssnInd', reader.requiredFlag('orderTransmitted')) + firms);
}

function trade(reader: RecordReader): string {
  return group(
    'Tx',
    leaf('TradDt', reader.instant('tradingTime')) +
      leaf('TradgCpcty', reader.requiredCode('tradingCapacity', ['DEAL', 'MTCH', 'AOTC'])) +
      group('Qty', quantity(reader)) +
      leaf('DerivNtnlChng', reader.code('notionalChange', ['INCR', 'DECR'])) +
      group('Pric', price(reader)) +
      leaf('NetAmt', reader.decimal('netAmount', netLimits)) +
      leaf('TradVn', reader.required('venue')) +
      leaf('CtryOfBrnch', reader.text('venueBranchCountry')) +
      leaf('TradPlcMtchgId', reader.text('venueTransactionId')) +
      leaf('CmplxTradCmpntId', reader.text('complexTradeId')),
  );
}
function quantity(reader: RecordReader): string {
  const type = reader.requiredCode('quantityType', ['UNIT', 'NMNL', 'MONE']);
  if (type === '') return '';
  if (type === 'UNIT') return leaf('Unit', reader.requiredDecimal('quantity', unitLimits));
  return amount(type === 'NMNL' ? 'NmnlVal' : 'MntryVal', {
    value: reader.requiredDecimal('quantity', nominalLimits),
    currency: reader.required('quantityCurrency'),
  });
}
function price(reader: RecordReader): string {
  const type = reader.requiredCode('priceType', ['MONE', 'PERC', 'YIEL', 'BAPO', 'PNDG', 'NOAP']);
  if (type === '') return '';
  if (type === 'PNDG' || type === 'NOAP') return group('NoPric', leaf('Pdg', type) + leaf('Ccy', reader.text('priceCurrency')));
  if (type === 'PERC') return group('Pric', leaf('Pctg', reader.requiredDecimal('price', rateLimits)));
  if (type === 'YIEL') return group('Pric', leaf('Yld', reader.requiredDecimal('price', rateLimits)));
  if (type === 'BAPO') return group('Pric', leaf('BsisPts', reader.requiredDecimal('price', pointLimits)));
  const value = reader.requiredDecimal('price', moneyLimits);
  // The amount carries no sign of its own: Sgn false says that it is negative.
  const sign = value.startsWith('-') ? leaf('Sgn', 'false') : '';
  return group('Pric', group('MntryVal', amount('Amt', { value: value.replace('-', ''), currency: reader.required('priceCurrency') }) + sign));
}

function decision(reader: RecordReader): string {
  const type = reader.code('decisionType', ['ALGO', ...personSchemes]);
  return type === null ? '' : group('InvstmtDcsnPrsn', decider(reader, { type, name: 'decision' }));
}
function execution(reader: RecordReader): string {
  const type = reader.requiredCode('executionType', ['ALGO', 'NORE', ...personSchemes]);
  if (type === '') return '';
  return type === 'NORE' ? leaf('Clnt', 'NORE') : decider(reader, { type, name: 'execution' });
}
function decider(reader: RecordReader, { type, name }: { type: string; name: 'decision' | 'execution' }): string {
  const id = reader.required(`${name}Id`);
  return type === 'ALGO' ? leaf('Algo', id) : group('Prsn', leaf('CtryOfBrnch', reader.required(`${name}Country`)) + personId(id, type));
}

function indicators(reader: RecordReader): string {
  const each = (name: string, field: string) =>
    (reader.text(field) ?? '')
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map((code) => leaf(name, code))
      .join('');
  return group(
    'AddtlAttrbts',
    each('WvrInd', 'waivers') +
      leaf('ShrtSellgInd', reader.code('shortSelling', ['SESH', 'SELL', 'SSEX', 'UNDI'])) +
      each('OTCPstTradInd', 'otcIndicators') +
      leaf('RskRdcgTx', reader.flag('riskReducing')) +
      leaf('SctiesFincgTxInd', reader.requiredFlag('securitiesFinancing')),
  );
}

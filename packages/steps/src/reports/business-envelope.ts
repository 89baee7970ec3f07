// The envelope around a message: head.003 BizData with the head.001 header, one record of the document per line.
import { InvalidInput } from '@tidewheel/contract/errors';
import { group, leaf } from './xml-text.ts';

export const envelopeNamespace = 'urn:iso:std:iso:20022:tech:xsd:head.003.001.01';
export const headerNamespace = 'urn:iso:std:iso:20022:tech:xsd:head.001.001.01';

export interface MessageHeader {
  sender: string;
  receiver: string;
  messageId: string;
  /** e.g. auth.016.001.01 */
  definition: string;
  createdAt: Date;
}

/** Everything before the first record, as whole lines. */
export function openingXml(header: MessageHeader): string {
  const party = (name: string, id: string) => group(name, group('OrgId', group('Id', group('OrgId', group('Othr', leaf('Id', id))))));
  const fields =
    party('Fr', header.sender) +
    party('To', header.receiver) +
    leaf('BizMsgIdr', header.messageId) +
    leaf('MsgDefIdr', header.definition) +
    leaf('CreDt', header.createdAt.toISOString());
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<BizData xmlns="${envelopeNamespace}">`,
    `<Hdr><AppHdr xmlns="${headerNamespace}">${fields}</AppHdr></Hdr>`,
    `<Pyld><Document xmlns="urn:iso:std:iso:20022:tech:xsd:${header.definition}"><FinInstrmRptgTxRpt>`,
    '',
  ].join('\n');
}
/** Line of the first record, 1-based. */
export const firstRecordLine = 5;
export const closingXml = '</FinInstrmRptgTxRpt></Document></Pyld></BizData>\n';

/** head.001 allows 35 characters in each of these. @throws InvalidInput */
export function checkHeader({ sender, receiver, messageId }: MessageHeader): void {
  for (const [name, text] of Object.entries({ sender, receiver, messageId })) {
    if (text.trim() !== '' && [...text].length <= 35) continue;
    throw new InvalidInput('report.header', `The ${name} is ${JSON.stringify(text)}; it must have 1 to 35 characters.`, {
      hint: `Change \`${name}\` of the step.`,
    });
  }
}

// CUSIPs and ISINs as spreadsheets leave them: without their zeros, as 1.23E+08, without their check digit. What is offered is proved by the check digit.
import { cusipCheckDigit, cusipFault, cusipOfIsin, isinCheckDigit, isinFault } from '@tidewheel/contract/security-id';
import { doubtful, type Reading, sure, unread } from './reading.ts';

const empty = /^(|-+|n\/?a|none|null|tba|\?+)$/i;

/** What a program that took it for a number wrote of it; with the dot left out it would be a digit longer, and one in ten of those is another bond. */
const withoutPoint = (was: string) => was.replace(/^(\d+)\.0+$/, '$1');

export function readCusip(text: string): Reading<string> {
  const was = text.trim();
  if (empty.test(was)) return unread;
  const plain = withoutPoint(was)
    .replace(/^cusip[:\s]*/i, '')
    .replace(/[\s.'-]/g, '')
    .toUpperCase();
  if (cusipFault(plain) === undefined) return sure(plain);
  const inside = cusipOfIsin(plain);
  if (inside !== undefined) return sure(inside);
  return repaired(was, plain);
}

function repaired(was: string, plain: string): Reading<string> {
  const power = fromPower(was);
  if (power !== null) return power;
  if (plain.length >= 4 && plain.length < 9) {
    const padded = plain.padStart(9, '0');
    if (cusipFault(padded) === undefined)
      return doubtful({ was, why: 'lost its leading zeros; the check digit fits with them', confidence: 0.95, repair: padded });
  }
  if (/^[0-9A-Z*@#]{8}$/.test(plain)) return doubtful({ was, why: 'has no check digit', confidence: 0.7, repair: plain + cusipCheckDigit(plain) });
  const letters = plain.replaceAll('O', '0').replaceAll('I', '1');
  if (letters !== plain && cusipFault(letters) === undefined)
    return doubtful({ was, why: 'has the letter O or I, which no CUSIP has; the check digit fits with 0 and 1', confidence: 0.9, repair: letters });
  return doubtful({ was, why: `is no CUSIP: ${cusipFault(plain) ?? ''}`, confidence: 0 });
}

/** 1.23E+08, or 12345E108 that was taken for a number. */
function fromPower(was: string): Reading<string> | null {
  const form = /^(\d)(?:[.,](\d+))?E\+?(\d{1,3})$/i.exec(was);
  if (!form) return null;
  const digits = `${form[1]}${form[2] ?? ''}`;
  const power = Number(form[3]);
  const found = [...asPlainNumber(digits, power), ...asLetterE(digits, power)].filter((one) => cusipFault(one) === undefined);
  const [only, ...more] = [...new Set(found)];
  if (only !== undefined && more.length === 0)
    return doubtful({
      was,
      why: 'was taken for a number; one CUSIP with a right check digit looks like that',
      confidence: digits.length >= 5 ? 0.9 : 0.6,
      repair: only,
    });
  return doubtful({ was, why: 'was taken for a number, and digits are lost: look it up where the file came from', confidence: 0 });
}

function asPlainNumber(digits: string, power: number): string[] {
  // All digits must be there: of 1.23E+08 six are lost, and any guess would be one of a million.
  return power <= 8 && digits.length >= power ? [digits.padEnd(power + 1, '0').padStart(9, '0')] : [];
}

function asLetterE(digits: string, power: number): string[] {
  const found: string[] = [];
  for (let whole = digits.length; whole <= 7; whole++) {
    const tail = power - (whole - 1);
    const head = digits.padEnd(whole, '0');
    for (let zeros = 0; zeros <= 3; zeros++) {
      const tailDigits = 9 - zeros - whole - 1;
      if (tail >= 0 && tailDigits >= 1 && String(tail).length <= tailDigits)
        found.push(`${'0'.repeat(zeros)}${head}E${String(tail).padStart(tailDigits, '0')}`);
    }
  }
  return found;
}

export function readIsin(text: string): Reading<string> {
  const was = text.trim();
  if (empty.test(was)) return unread;
  const plain = was
    .replace(/^isin[:\s]*/i, '')
    .replace(/[\s.'-]/g, '')
    .toUpperCase();
  if (isinFault(plain) === undefined) return sure(plain);
  if (/^[A-Z]{2}[0-9A-Z]{9}$/.test(plain)) return doubtful({ was, why: 'has no check digit', confidence: 0.7, repair: plain + isinCheckDigit(plain) });
  const letters = plain.slice(0, 2) + plain.slice(2).replaceAll('O', '0');
  if (letters !== plain && isinFault(letters) === undefined)
    return doubtful({ was, why: 'has the letter O; the check digit fits with 0', confidence: 0.85, repair: letters });
  return doubtful({ was, why: `is no ISIN: ${isinFault(plain) ?? ''}`, confidence: 0 });
}

// CUSIP (ANSI X9.6) and ISIN (ISO 6166): always text, known to be whole by their last digit.

const cusipForm = /^[0-9A-Z*@#]{8}[0-9]$/;
const isinForm = /^[A-Z]{2}[0-9A-Z]{9}[0-9]$/;
const cusipLetters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*@#';

/** The ninth character of the CUSIP that begins with these eight (upper case). */
export function cusipCheckDigit(eight: string): string {
  let sum = 0;
  for (const [index, letter] of [...eight.slice(0, 8)].entries()) {
    const value = cusipLetters.indexOf(letter) * (index % 2 === 0 ? 1 : 2);
    sum += Math.floor(value / 10) + (value % 10);
  }
  return String((10 - (sum % 10)) % 10);
}

/** The twelfth character of the ISIN that begins with these eleven (upper case): Luhn over its letters as two digits. */
export function isinCheckDigit(eleven: string): string {
  const digits = [...eleven.slice(0, 11)].flatMap((letter) => [...String(Number.parseInt(letter, 36))].map(Number));
  let sum = 0;
  for (const [index, digit] of digits.reverse().entries()) {
    const value = digit * (index % 2 === 0 ? 2 : 1);
    sum += Math.floor(value / 10) + (value % 10);
  }
  return String((10 - (sum % 10)) % 10);
}

/** What is wrong with a CUSIP; undefined when nothing is. Takes small letters and blanks around it as they come. */
export function cusipFault(text: string): string | undefined {
  const cusip = text.trim().toUpperCase();
  if (!cusipForm.test(cusip)) return `must be nine characters of 0-9 and A-Z, the last a digit; it has ${cusip.length}`;
  const digit = cusipCheckDigit(cusip);
  return digit === cusip[8] ? undefined : `ends on ${cusip[8]} where its check digit is ${digit}`;
}

/** What is wrong with an ISIN; undefined when nothing is. */
export function isinFault(text: string): string | undefined {
  const isin = text.trim().toUpperCase();
  if (!isinForm.test(isin)) return `must be two letters of a country, nine of 0-9 and A-Z and a digit; it has ${isin.length} characters`;
  const digit = isinCheckDigit(isin);
  return digit === isin[11] ? undefined : `ends on ${isin[11]} where its check digit is ${digit}`;
}

/** The CUSIP inside an ISIN of the United States or Canada; undefined for others, and where its own check digit does not fit. */
export function cusipOfIsin(isin: string): string | undefined {
  const whole = isin.trim().toUpperCase();
  if (!/^(US|CA)/.test(whole) || isinFault(whole) !== undefined) return undefined;
  const cusip = whole.slice(2, 11);
  return cusipFault(cusip) === undefined ? cusip : undefined;
}

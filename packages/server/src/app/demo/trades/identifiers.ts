// Makes identifiers whose check digits are right, from their leading characters.

function toDigits(text: string): string {
  return [...text].map((character) => Number.parseInt(character, 36).toString()).join('');
}
function mod97(digits: string): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
}

/** An LEI (ISO 17442) of its first 18 characters: two check digits by ISO 7064 MOD 97-10. */
export function leiOf(first18: string): string {
  return first18 + String(98 - mod97(toDigits(`${first18}00`))).padStart(2, '0');
}
/** Letters as numbers, every second digit from the right doubled, digits of the results summed: the Luhn sum of an ISIN. */
function luhnCheckDigit(digits: string): string {
  let sum = 0;
  [...digits].reverse().forEach((digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return String((10 - (sum % 10)) % 10);
}
/** An ISIN (ISO 6166) of its first 11 characters. */
export function isinOf(first11: string): string {
  return first11 + luhnCheckDigit(toDigits(first11));
}
/** A CUSIP of its first 8 characters: every second character's value doubled, tens and units summed. */
export function cusipOf(first8: string): string {
  const values: Record<string, number> = { '*': 36, '@': 37, '#': 38 };
  const sum = [...first8].reduce((total, character, index) => {
    const value = (values[character] ?? Number.parseInt(character, 36)) * (index % 2 === 0 ? 1 : 2);
    return total + Math.floor(value / 10) + (value % 10);
  }, 0);
  return first8 + String((10 - (sum % 10)) % 10);
}

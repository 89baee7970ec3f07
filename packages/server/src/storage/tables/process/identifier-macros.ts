// Check digits of identifiers as SQL macros, so that they run vectorized on millions of rows: ISO 17442 (LEI), ISO 6166 (ISIN), CUSIP.

/** A-Z become 10-35, digits stay: how ISO 7064 and ISO 6166 read letters. */
const digit = (text: string, at: number) => `(ascii(substr(${text}, ${at}, 1)) - CASE WHEN ascii(substr(${text}, ${at}, 1)) < 58 THEN 48 ELSE 55 END)`;

/** Sum of 1..9 weights over eight characters, each second one doubled, digits of products added. */
const cusipSum = Array.from({ length: 8 }, (_, i) => {
  const value = `CASE substr(v, ${i + 1}, 1) WHEN '*' THEN 36 WHEN '@' THEN 37 WHEN '#' THEN 38 ELSE ${digit('v', i + 1)} END`;
  const product = i % 2 === 1 ? `(2 * (${value}))` : `(${value})`;
  return `(${product} // 10 + ${product} % 10)`;
}).join(' + ');

/** The 18 characters of an LEI and its two check digits as one number below 10^40 overflow: the remainder is carried in two halves. */
const expanded = (text: string, from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `${digit(text, from + i)}::VARCHAR`).join(' || ');

// The first ten characters give at most 20 digits; their remainder (2 digits) before the next ten (at most 20 digits) still fits a HUGEINT.
const leiRemainder = `(((${expanded('v', 1, 10)})::HUGEINT % 97)::VARCHAR || ${expanded('v', 11, 20)})::HUGEINT % 97`;

// Luhn from the right over the expanded digits; the check digit itself is not doubled. At most 24 digits.
const luhn = (digits: string) =>
  `list_sum(list_transform(range(1, length(${digits}) + 1), lambda i: (CASE WHEN i % 2 = 0 THEN [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][substr(${digits}, -i, 1)::INT + 1] ELSE substr(${digits}, -i, 1)::INT END)))`;

export const identifierMacros = [
  `CREATE MACRO lei_valid(v) AS (CASE WHEN v IS NULL THEN NULL WHEN NOT regexp_full_match(v, '[0-9A-Z]{18}[0-9]{2}') THEN false ELSE ${leiRemainder} = 1 END)`,
  `CREATE MACRO isin_valid(v) AS (CASE WHEN v IS NULL THEN NULL WHEN NOT regexp_full_match(v, '[A-Z]{2}[0-9A-Z]{9}[0-9]') THEN false ELSE ${luhn(`(${expanded('v', 1, 12)})`)} % 10 = 0 END)`,
  `CREATE MACRO cusip_valid(v) AS (CASE WHEN v IS NULL THEN NULL WHEN NOT regexp_full_match(v, '[0-9A-Z*@#]{8}[0-9]') THEN false ELSE (10 - (${cusipSum}) % 10) % 10 = ascii(substr(v, 9, 1)) - 48 END)`,
].join('; ');

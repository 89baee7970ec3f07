// Check digits of identifiers as SQL macros, so that they run vectorized and without leaving DuckDB: ISO 17442 (LEI), ISO 6166 (ISIN), CUSIP.
// A few characters at a time become one BIGINT, from which shifts take them out again. list_transform is here what `let` is elsewhere: DuckDB
// computes a repeated expression again each time wherever it stands behind AND or CASE. 1M rows take 0.8 (CUSIP), 2 (LEI) or 3.4 s (ISIN) of one core.

const word = (text: string) => `encode(${text})::BIT::BIGINT`;
/** Bit 6 of an ASCII code sets letters apart from digits. */
const letter = (shift: number) => `((x >> ${shift + 6}) & 1)`;
const letters = (characters: number) => BigInt(`0x${'40'.repeat(characters)}`);
/** 0-9 stay, A-Z become 10-35: how ISO 7064 and ISO 6166 read letters. Code & 31 is 16-25 for digits and 1-26 for letters. */
const value = (shift: number) => `(((x >> ${shift}) & 31) + ${letter(shift)} * 25 - 16)`;

/** The seven characters of x as a number modulo 97: a letter is two digits, so that it moves the number by 100. */
const remainder = Array.from({ length: 7 }, (_, i) => 8 * (6 - i)).reduce((number, shift, i) => {
  const next = i === 0 ? value(shift) : `(${number} * (10 + 90 * ${letter(shift)}) + ${value(shift)})`;
  return i === 3 ? `(${next} % 97)` : next;
}, '');
/** 10^7 to 10^14 modulo 97: by what seven characters with 0 to 7 letters move the number before them. */
const powers = [76, 81, 34, 49, 5, 50, 15, 53];
const leiWords = [`'0' || substr(v, 1, 6)`, 'substr(v, 7, 7)', 'substr(v, 14, 7)'].map(word).join(', ');
const leiParts = `list_transform([${leiWords}], lambda x: ${remainder} % 97 + 128 * bit_count(x & ${letters(7)}))`;
const leiRemainder = `list_reduce(${leiParts}, lambda a, b: ((a & 127) * [${powers.join(', ')}][(b >> 7) + 1] + (b & 127)) % 97)`;

const doubled = (digit: number) => (digit > 4 ? 2 * digit - 9 : 2 * digit);
/** What a character adds to Luhn's sum, as text of digits, by ASCII code 48-90: first when its last digit stands at an even place from the right, then at an odd one. */
const luhnTable = [false, true]
  .map((odd) =>
    Array.from({ length: 43 }, (_, i) => {
      const number = Math.max(0, i < 10 ? i : i - 7);
      const [tens, units] = [Math.floor(number / 10), number % 10];
      return (odd ? doubled(units) + tens : units + doubled(tens)) % 10;
    }).join(''),
  )
  .join('');

/** Luhn's sum over the six characters of x when `places` digits stand to the right of them (0 or 1). A letter takes two places. */
function luhnSum(places: 0 | 1): string {
  const parts = Array.from({ length: 6 }, (_, i) => {
    const shift = 8 * (5 - i);
    const behind = shift === 0 ? '' : ` + bit_count(x & ${letters(5 - i)})`;
    return `ascii(substr('${luhnTable}', ((x >> ${shift}) & 127) - 47 + 43 * ((${5 - i + places}${behind}) & 1), 1)) - 48`;
  });
  return `(${parts.join(' + ')})`;
}
const isinParts = `list_transform([${word('substr(v, 1, 6)')}, ${word('substr(v, 7, 6)')}], lambda x: ${luhnSum(0)} + 256 * ${luhnSum(1)} + 65536 * (bit_count(x & ${letters(6)}) & 1))`;
const isinSum = `list_reduce(${isinParts}, lambda a, b: (b & 255) + ((a >> (8 * (b >> 16))) & 255))`;

/** The same for CUSIP, whose letters are one place each: codes 35 (#) to 90 (Z). */
const cusipTables = [1, 2].map((factor) =>
  Array.from({ length: 56 }, (_, i) => {
    const special = '*@#'.indexOf(String.fromCharCode(35 + i));
    const product = factor * (special >= 0 ? 36 + special : Math.max(0, i < 23 ? i - 13 : i - 20));
    return (Math.floor(product / 10) + product) % 10;
  }).join(''),
);
const cusipSum = Array.from({ length: 8 }, (_, i) => `ascii(substr('${cusipTables[i % 2]}', ascii(substr(v, ${i + 1}, 1)) - 34, 1)) - 48`).join(' + ');

const checked = (pattern: string, test: string) => `(CASE WHEN v IS NULL THEN NULL WHEN NOT regexp_full_match(v, '${pattern}') THEN false ELSE ${test} END)`;

export const identifierMacros = [
  `CREATE MACRO lei_valid(v) AS ${checked('[0-9A-Z]{18}[0-9]{2}', `${leiRemainder} = 1`)}`,
  `CREATE MACRO isin_valid(v) AS ${checked('[A-Z]{2}[0-9A-Z]{9}[0-9]', `${isinSum} % 10 = 0`)}`,
  `CREATE MACRO cusip_valid(v) AS ${checked('[0-9A-Z*@#]{8}[0-9]', `(10 - (${cusipSum}) % 10) % 10 = ascii(substr(v, 9, 1)) - 48`)}`,
].join('; ');

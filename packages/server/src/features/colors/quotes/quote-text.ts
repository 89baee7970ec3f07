// The text of a quote line while rules take out of it what they read, and the forms that several rules share.

export class Line {
  text: string;
  constructor(text: string) {
    this.text = plainLine(text);
  }
  /** Takes what the pattern fits, wherever it stands, out of the text. */
  take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.text);
    if (found) this.text = `${this.text.slice(0, found.index)} ${this.text.slice(found.index + found[0].length)}`.replace(/^\s+/, '');
    return found;
  }
}

/** By field, 0 to 1; fields that are not sure. */
export type Unsure = Record<string, { confidence: number; why: string; was: string }>;

const number = String.raw`\d{1,3}(?:\.\d{1,6})?`;
export const price = String.raw`(?:\d{1,3}[-^']\d{2}(?:\+|\d|\.\d+)?|\d{1,3}[-^']\d(?!\d)\+?|\d{1,3}\s\d{1,2}\/(?:2|4|8|16|32|64)|${number}\+?)`;
export const amount = String.raw`\d+(?:\.\d+)?(?:\s?(?:mm|mn|mio|m|k))?`;
export const end = String.raw`(?=\s|$|[,;)])`;

/** A price with a side is no name of a tranche: it has a point, ticks or a sign. */
const sided = String.raw`(?:\d{1,3}(?:\.\d{1,6}|-\d{1,3})\+?|\+\d{1,4}(?:\.\d+)?)`;
const bothSided = new RegExp(String.raw`(${sided})b(\s?[/-]\s?)(${sided})a${end}`, 'gi');
const sideBehind = new RegExp(String.raw`(?<![\w.])(${sided})([ab])${end}`, 'gi');
const sideBefore = new RegExp(String.raw`(?<=^|\s)([ab])(${sided})${end}`, 'g');

/** Dashes, apostrophes and the letters of sides in one way: `98.25b/98.5a` is `98.25/98.5`, `+165a` is `+165 offer`. */
function plainLine(text: string): string {
  const word = (side: string) => (side.toLowerCase() === 'b' ? 'bid' : 'offer');
  return text
    .replace(/[‐‑–—]/g, '-')
    .replace(/[’‘]/g, "'")
    .replace(/\t/g, '  ')
    .trim()
    .replace(bothSided, '$1$2$3')
    .replace(sideBehind, (_, value: string, side: string) => `${value} ${word(side)}`)
    .replace(sideBefore, (_, side: string, value: string) => `${word(side)} ${value}`);
}

// PowerShell writes its errors, warnings and progress to standard error as CLIXML when its output is no console (MS-PSRP 2.2.5). This makes text of it again, as it comes.
import { XMLParser } from 'fast-xml-parser';
import { decodeEntities } from './xml-entities.ts';

const marker = '#< CLIXML';
const ending = '</Objs>';
/** A document that does not end is given as it is. */
const mostLength = 4_000_000;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: false,
  alwaysCreateTextNode: true,
  isArray: (name) => name === 'S' || name === 'Objs',
});

const prefixes: Readonly<Record<string, string>> = { error: '', warning: 'WARNING: ', verbose: 'VERBOSE: ', debug: 'DEBUG: ', information: '' };

export class ClixmlText {
  #held = '';
  #isInside = false;

  /** What can be read so far. */
  push(text: string): string {
    this.#held += text;
    let out = '';
    for (let more = true; more; ) {
      const before = this.#held.length;
      out += this.#isInside ? this.#inside() : this.#outside();
      more = this.#held !== '' && this.#held.length < before;
    }
    return out;
  }

  /** What is left at the end, whole or not. */
  end(): string {
    const left = this.#isInside ? `${marker}${this.#held}` : this.#held;
    this.#held = '';
    this.#isInside = false;
    return left;
  }

  #outside(): string {
    const at = this.#held.indexOf(marker);
    const end = at < 0 ? this.#held.length - partOfMarker(this.#held) : at;
    const out = this.#held.slice(0, end);
    this.#held = this.#held.slice(at < 0 ? end : at + marker.length);
    this.#isInside = at >= 0;
    return out;
  }

  #inside(): string {
    const at = this.#held.indexOf(ending);
    if (at < 0 && this.#held.length < mostLength) return '';
    this.#isInside = false;
    const document = this.#held.slice(0, at < 0 ? undefined : at + ending.length);
    this.#held = this.#held.slice(document.length);
    return textOf(document) ?? `${marker}${document}`;
  }
}

/** How much of the end may be the beginning of a marker. */
function partOfMarker(text: string): number {
  for (let length = Math.min(marker.length - 1, text.length); length > 0; length--) if (marker.startsWith(text.slice(-length))) return length;
  return 0;
}

interface Piece {
  '@S'?: string;
  '#text'?: string;
}

function textOf(document: string): string | undefined {
  if (/<!(DOCTYPE|ENTITY)/i.test(document)) return undefined;
  try {
    const parsed = parser.parse(document.trim()) as { Objs?: { S?: Piece[] }[] };
    const pieces = parsed.Objs?.flatMap((one) => one.S ?? []) ?? [];
    return pieces.map((piece) => written(piece)).join('');
  } catch {
    return undefined;
  }
}

function written(piece: Piece): string {
  const prefix = prefixes[(piece['@S'] ?? '').toLowerCase()];
  if (prefix === undefined) return '';
  const text = decodeEntities(piece['#text'] ?? '').replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const lines = text.replaceAll('\r\n', '\n');
  return prefix === '' ? lines : `${prefix}${lines}${lines.endsWith('\n') ? '' : '\n'}`;
}

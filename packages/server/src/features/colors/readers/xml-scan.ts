// Reads elements out of the XML of a workbook as it streams by: no tree, no entities but the five and numbers, no document type.
import { InvalidInput } from '@tidewheel/contract/errors';
import { damaged } from './zip-file.ts';

const mostElement = 8 * 1024 ** 2;
const longestTag = 4_096;

export interface Element {
  /** What stands between its tags. */
  inside: string;
  attributes: string;
}

/** Elements of that name, one after another, prefixed or not: `row`, `x:row`. Nested ones of the same name are not looked for. */
export async function* elements(content: AsyncIterable<Buffer>, name: string): AsyncGenerator<Element> {
  const opening = new RegExp(`<(?:\\w+:)?${name}(\\s[^<>]*?)?(/)?>`, 'g');
  const closing = new RegExp(`</(?:\\w+:)?${name}\\s*>`, 'g');
  const decoder = new TextDecoder('utf-8');
  let text = '';
  let isFirst = true;
  for await (const chunk of content) {
    text += decoder.decode(chunk, { stream: true });
    if (isFirst) refuseDoctype(text);
    isFirst = false;
    let at = 0;
    let isOpen = false;
    for (;;) {
      opening.lastIndex = at;
      const open = opening.exec(text);
      if (!open) break;
      const after = open.index + open[0].length;
      closing.lastIndex = after;
      const close = open[2] ? null : closing.exec(text);
      isOpen = !open[2] && !close;
      at = isOpen ? open.index : close ? close.index + close[0].length : after;
      if (isOpen) break;
      yield { attributes: open[1] ?? '', inside: close ? text.slice(after, close.index) : '' };
    }
    // What has begun is kept whole; else enough for a tag that the chunk cut in two.
    text = isOpen ? text.slice(at) : text.slice(Math.max(at, text.length - longestTag));
    if (text.length > mostElement) throw damaged('one row of it is larger than 8 MB');
  }
}

function refuseDoctype(text: string): void {
  if (/<!DOCTYPE/i.test(text.slice(0, 4_096)))
    throw new InvalidInput('color.file_damaged', 'The workbook declares a document type, which no workbook does: it was not read.', {
      hint: 'Save it anew in Excel.',
    });
}

/** By name: making one for each of the millions of attributes of a large sheet costs more than using it. */
const attributeForms = new Map<string, RegExp>();

export function attribute(attributes: string, name: string): string | undefined {
  let form = attributeForms.get(name);
  if (!form) {
    form = new RegExp(`(?:^|\\s)(?:\\w+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`);
    attributeForms.set(name, form);
  }
  const found = form.exec(attributes);
  return found ? unescaped(found[1] ?? found[2] ?? '') : undefined;
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name as string] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16);
    return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) && code !== 0 ? String.fromCodePoint(code) : '';
  });
}

/** The text of `<is>` or `<si>`: all its runs, without the phonetic ones; `_x000D_` is how Excel writes control characters. */
export function runsText(inside: string): string {
  const plain = inside.replace(/<(?:\w+:)?rPh\b[\s\S]*?<\/(?:\w+:)?rPh>/g, '');
  let text = '';
  for (const [, run] of plain.matchAll(/<(?:\w+:)?t(?:\s[^<>]*)?>([\s\S]*?)<\/(?:\w+:)?t>/g)) text += unescaped(run ?? '');
  return text.replace(/_x([0-9A-F]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

// A line of the log as pieces of text, each with its look. No piece ever becomes markup: the page makes a text node of each.
import { styledText } from '@tidewheel/contract/terminal-text';
import { type ParseToken, parseAnsiSequences } from 'ansi-sequence-parser';
import { painted, rgbOf, type Scheme } from './ansi-colour.ts';

export interface SpanLook {
  colour?: string;
  ground?: string;
  isBold?: boolean;
  isItalic?: boolean;
  line?: string;
}
export interface LogSpan {
  /** Where it begins in what a person reads. */
  at: number;
  text: string;
  look: SpanLook | undefined;
  isHit: boolean;
}

/** A line of a hundred thousand characters would take a second to draw. */
export const shownCharacters = 20_000;

/** `wanted`: what is searched, in any case. */
export function logSpans(text: string, { wanted, scheme }: { wanted: string | undefined; scheme: Scheme }): { spans: LogSpan[]; hidden: number } {
  const tokens = parseAnsiSequences(styledText(text));
  const plain = tokens.map((token) => token.value).join('');
  const hits = hitsIn(plain, wanted);
  const spans: LogSpan[] = [];
  let at = 0;
  for (const token of tokens) {
    const look = lookOf(token, scheme);
    const end = Math.min(at + token.value.length, shownCharacters);
    while (at < end) {
      const hit = hits.find((one) => one.end > at);
      const isHit = hit !== undefined && hit.start <= at;
      const to = Math.min(end, hit === undefined ? end : isHit ? hit.end : hit.start);
      spans.push({ at, text: plain.slice(at, to), look, isHit });
      at = to;
    }
  }
  return { spans, hidden: Math.max(0, plain.length - shownCharacters) };
}

function hitsIn(plain: string, wanted: string | undefined): { start: number; end: number }[] {
  const lower = plain.toLowerCase();
  // A letter that grows in lower case would shift what is marked.
  if (!wanted || lower.length !== plain.length) return [];
  const sought = wanted.toLowerCase();
  const hits: { start: number; end: number }[] = [];
  for (let start = lower.indexOf(sought); start >= 0 && start < shownCharacters; start = lower.indexOf(sought, start + sought.length))
    hits.push({ start, end: start + sought.length });
  return hits;
}

function lookOf({ foreground, background, decorations }: ParseToken, scheme: Scheme): SpanLook | undefined {
  if (!foreground && !background && decorations.size === 0) return undefined;
  const [text, ground] = [foreground ? rgbOf(foreground) : undefined, background ? rgbOf(background) : undefined];
  const isReversed = decorations.has('reverse');
  const lines = [
    ...(decorations.has('underline') ? ['underline'] : []),
    ...(decorations.has('strikethrough') ? ['line-through'] : []),
    ...(decorations.has('overline') ? ['overline'] : []),
  ];
  return {
    ...painted(isReversed ? { text: ground, ground: text ?? plainOf(scheme), scheme } : { text, ground, scheme }),
    ...(decorations.has('bold') ? { isBold: true } : {}),
    ...(decorations.has('italic') ? { isItalic: true } : {}),
    ...(lines.length > 0 ? { line: lines.join(' ') } : {}),
  };
}

/** What text without a colour looks like, for who swaps text and ground. */
function plainOf(scheme: Scheme): [number, number, number] {
  return scheme === 'light' ? [22, 38, 42] : [219, 229, 230];
}

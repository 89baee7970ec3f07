// Takes what the host says to us out of a stream of output. Bytes, for the output may be in any code page.
import { markerStart, sudoPrompt } from './remote-shell.ts';

/** Output as bytes, and words that were said to us (`pid 4711`, `go`, `folder`, `ask`) as texts, in the order in which they came. */
export type Scanned = (Buffer | string)[];

/** No word is longer; what is longer is output that looks like one. */
const longestWord = 300;

export class MarkerScanner {
  readonly #marker: Buffer;
  readonly #prompt: Buffer;
  #held = Buffer.alloc(0);
  #isDone = false;

  constructor(nonce: string) {
    this.#marker = Buffer.from(`${markerStart}${nonce} `);
    this.#prompt = Buffer.from(sudoPrompt(nonce));
  }

  /** After `go` everything is output. */
  take(chunk: Buffer): Scanned {
    if (this.#isDone) return [chunk];
    let rest = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = Buffer.alloc(0);
    const scanned: Scanned = [];
    for (let found = this.#next(rest); found; found = this.#next(rest)) {
      scanned.push(rest.subarray(0, found.start), found.word);
      rest = rest.subarray(found.end);
      if (found.word !== 'go') continue;
      this.#isDone = true;
      return [...scanned, rest].filter((part) => part.length > 0);
    }
    const keep = this.#startOfNext(rest);
    this.#held = Buffer.from(rest.subarray(keep));
    return [...scanned, rest.subarray(0, keep)].filter((part) => part.length > 0);
  }

  #next(bytes: Buffer): { start: number; end: number; word: string } | undefined {
    const asked = bytes.indexOf(this.#prompt);
    const start = bytes.indexOf(this.#marker);
    if (asked >= 0 && (start < 0 || asked < start)) return { start: asked, end: asked + this.#prompt.length, word: 'ask' };
    if (start < 0) return undefined;
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) return undefined;
    return { start, end: end + 1, word: bytes.toString('latin1', start + this.#marker.length, end).trim() };
  }

  /** Where something may begin that is not whole yet. */
  #startOfNext(bytes: Buffer): number {
    const begun = bytes.indexOf(this.#marker);
    if (begun >= 0 && bytes.length - begun < this.#marker.length + longestWord) return begun;
    const longest = Math.max(this.#marker.length, this.#prompt.length) - 1;
    for (let at = Math.max(0, bytes.length - longest); at < bytes.length; at++) {
      const tail = bytes.subarray(at);
      if ([this.#marker, this.#prompt].some((mark) => mark.subarray(0, tail.length).equals(tail))) return at;
    }
    return bytes.length;
  }
}

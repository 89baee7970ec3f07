// What came back: kept in memory as far as it is needed there, the rest as a file.
import { TooLarge } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import type { StepContext } from '@tidewheel/kit/step-context';

/** Of an answer that is a value. */
export const inlineBytes = 48 * 1024;
/** Of a page that has to be looked into. */
const pageBytes = 32 * 1024 ** 2;

export interface ReadAnswer {
  bytes: number;
  /** When it was read into memory. */
  content: Buffer | undefined;
  file: FileRef | undefined;
}

export interface Reading {
  /** It has to be looked into. */
  isNeeded: boolean;
  /** Kept as a file under this name, however small; undefined: only when it is too large for a value. */
  saveAs: string | undefined;
  nameWhenLarge: string;
  mediaType: string;
}

/** @throws TooLarge for a page that has to be looked into and is larger than memory should hold */
export async function readAnswer(
  ctx: Pick<StepContext, 'files'>,
  answer: Response,
  { isNeeded, saveAs, nameWhenLarge, mediaType }: Reading,
): Promise<ReadAnswer> {
  const most = isNeeded ? pageBytes : saveAs === undefined ? inlineBytes : 0;
  const source = (answer.body ?? Buffer.alloc(0)) as AsyncIterable<Uint8Array>;
  const iterator = answer.body ? source[Symbol.asyncIterator]() : [][Symbol.iterator]();
  const head: Uint8Array[] = [];
  let size = 0;
  let isEnd = false;
  while (!isEnd && (size <= most || head.length === 0)) {
    const next = await iterator.next();
    isEnd = next.done === true;
    if (next.done) break;
    head.push(next.value);
    size += next.value.byteLength;
  }
  if (isEnd && saveAs === undefined && size <= most) return { bytes: size, content: Buffer.concat(head), file: undefined };
  if (isNeeded && !isEnd)
    throw new TooLarge('http.page_too_large', `The answer is larger than ${pageBytes / 1024 ** 2} MB, more than can be looked into.`, {
      hint: 'Ask for smaller pages, or save it as a file and read that with table.read.',
    });
  const rest = isEnd ? [] : { [Symbol.asyncIterator]: () => iterator as AsyncIterator<Uint8Array> };
  const file = await ctx.files.put({ name: saveAs ?? nameWhenLarge, mediaType }, joined(head, rest as AsyncIterable<Uint8Array>));
  return { bytes: file.size, content: isNeeded ? Buffer.concat(head) : undefined, file };
}

async function* joined(head: Uint8Array[], rest: AsyncIterable<Uint8Array> | Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* head;
  yield* rest;
}

/** JSON when it is said to be and is, else text. */
export function parsedContent(content: Buffer | undefined, mediaType: string): { json: unknown; text: string } {
  const text = content ? new TextDecoder('utf-8').decode(content).toWellFormed().replaceAll('\0', '\uFFFD') : '';
  if (!/\bjson\b/i.test(mediaType) || text === '') return { json: undefined, text };
  try {
    return { json: JSON.parse(text), text };
  } catch {
    return { json: undefined, text };
  }
}

// The output of a command, however much it is: its lines go to the log at once, its beginning and end into the value, all of it into a file when it is large.
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Named in docs/hosts.md. Bytes, but for `logLines`. */
export const outputLimits = {
  /** Of JSON in the value, of each stream. A longer output is its head and tail there, and a file. */
  value: 24_000,
  /** Of each stream in the log. */
  log: 20_000_000,
  logLines: 200_000,
  /** Of the file. */
  file: 100_000_000,
  /** A line that never ends is logged in parts. */
  line: 16_000,
};

export interface CaptureOptions {
  /** A label that TextDecoder knows: `utf-8`, `windows-1252`, `shift_jis`. */
  encoding: string;
  /** A terminal ends its lines with CR LF. */
  isTerminal: boolean;
  log(line: string): void;
  /** Where the whole of it may be kept. */
  file(): Promise<string>;
  keepsFile: 'large' | 'always' | 'never';
}

export interface Captured {
  /** All of it, or its head and tail with a line between that says how much is missing. */
  text: string;
  bytes: number;
  isCut: boolean;
  /** Whether the bytes are text in that code page. */
  isReadable: boolean;
  file: { path: string; isWhole: boolean } | null;
}

interface Spool {
  path: string;
  stream: WriteStream;
  bytes: number;
}

export class OutputCapture {
  readonly #options: CaptureOptions;
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail = Buffer.alloc(0);
  #bytes = 0;
  #line = '';
  #logged = { bytes: 0, lines: 0 };
  #isReadable = true;
  #spool: Spool | undefined;

  constructor(options: CaptureOptions) {
    this.#options = options;
    this.#decoder = new TextDecoder(options.encoding, { ignoreBOM: true });
  }

  take(bytes: Buffer): Promise<void> | void {
    this.#bytes += bytes.length;
    this.#log(this.#decoder.decode(bytes, { stream: true }));
    if (this.#headBytes < outputLimits.value) {
      const part = Buffer.from(bytes.subarray(0, outputLimits.value - this.#headBytes));
      this.#head.push(part);
      this.#headBytes += part.length;
    }
    if (this.#spool || this.#wantsFile()) return this.#keep(bytes);
    this.#tail = Buffer.concat([this.#tail, bytes]);
    return undefined;
  }

  async finish(): Promise<Captured> {
    this.#log(this.#decoder.decode());
    if (this.#line !== '') this.#tell(this.#line);
    if (!this.#spool && this.#options.keepsFile === 'always') await this.#keep(Buffer.alloc(0));
    const file = this.#spool ? { path: this.#spool.path, isWhole: this.#spool.bytes === this.#bytes } : null;
    if (this.#spool) {
      this.#spool.stream.end();
      await finished(this.#spool.stream);
    }
    return { ...this.#text(), bytes: this.#bytes, isReadable: this.#isReadable, file };
  }

  /** What was written so far, for the message of an error. */
  lastWords(length: number): string {
    return this.#decode(this.#tail.subarray(-4 * length))
      .trim()
      .slice(-length);
  }

  #wantsFile(): boolean {
    const { keepsFile } = this.#options;
    return keepsFile === 'always' || this.#bytes > outputLimits.value;
  }

  async #keep(bytes: Buffer): Promise<void> {
    const { keepsFile } = this.#options;
    if (keepsFile !== 'never') {
      this.#spool ??= await this.#openFile();
      // The first time the tail is all that came before.
      await this.#write(this.#spool.bytes === 0 && this.#tail.length > 0 ? Buffer.concat([this.#tail, bytes]) : bytes);
    }
    const tail = bytes.length >= outputLimits.value ? bytes : Buffer.concat([this.#tail, bytes]);
    this.#tail = Buffer.from(tail.subarray(-outputLimits.value));
  }

  async #openFile(): Promise<Spool> {
    const path = await this.#options.file();
    return { path, stream: createWriteStream(path, { mode: 0o600 }), bytes: 0 };
  }

  async #write(bytes: Buffer): Promise<void> {
    const spool = this.#spool;
    if (!spool) return;
    const part = bytes.subarray(0, Math.max(0, outputLimits.file - spool.bytes));
    if (part.length === 0) return;
    spool.bytes += part.length;
    // ssh2 hands out parts of a buffer that it keeps: they are written before the next one is taken.
    await new Promise<void>((resolve, reject) => spool.stream.write(part, (error) => (error ? reject(error) : resolve())));
  }

  #log(text: string): void {
    if (this.#isReadable && text.includes('\ufffd')) this.#isReadable = false;
    if (this.#logged.bytes > outputLimits.log || this.#logged.lines > outputLimits.logLines) return;
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) if (!this.#tell(line)) return;
    while (this.#line.length > outputLimits.line) {
      if (!this.#tell(this.#line.slice(0, outputLimits.line))) return;
      this.#line = this.#line.slice(outputLimits.line);
    }
  }

  /** false when the log has enough. */
  #tell(line: string): boolean {
    this.#logged.lines++;
    this.#logged.bytes += line.length + 1;
    if (this.#logged.bytes > outputLimits.log || this.#logged.lines > outputLimits.logLines) {
      this.#options.log(`(there is more: of each output ${outputLimits.logLines} lines or ${outputLimits.log} bytes are logged)`);
      this.#line = '';
      return false;
    }
    this.#options.log(line.endsWith('\r') ? line.slice(0, -1) : line);
    return true;
  }

  #text(): { text: string; isCut: boolean } {
    if (this.#bytes <= outputLimits.value) {
      const whole = this.#decode(Buffer.concat(this.#head));
      if (jsonBytes(whole) <= outputLimits.value) return { text: whole, isCut: false };
    }
    const half = Math.floor(outputLimits.value / 2) - 100;
    const head = fitting(this.#decode(Buffer.concat(this.#head)).replace(/\ufffd+$/, ''), half, 'head');
    const tail = fitting(this.#decode(this.#tail).replace(/^\ufffd{1,3}/, ''), half, 'tail');
    return { text: `${head}\n… (${this.#bytes} bytes in all; what is between is left out here) …\n${tail}`, isCut: true };
  }

  #decode(bytes: Buffer): string {
    const text = new TextDecoder(this.#options.encoding, { ignoreBOM: true }).decode(bytes);
    return this.#options.isTerminal ? text.replaceAll('\r\n', '\n') : text;
  }
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

/** The longest beginning or end whose JSON is no larger; characters that JSON escapes take six bytes. */
function fitting(text: string, most: number, end: 'head' | 'tail'): string {
  let length = Math.min(text.length, most);
  const part = () => (end === 'head' ? text.slice(0, length) : text.slice(text.length - length));
  while (length > 0 && jsonBytes(part()) > most) length = Math.floor(length * 0.8);
  return part();
}

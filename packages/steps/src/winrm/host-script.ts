// Short PowerShell of our own on a host: one answer, and errors that name themselves (`tidewheel:exists`).
import { AppError, Conflict } from '@tidewheel/contract/errors';
import { ClixmlText } from './clixml.ts';
import { mostLineLength } from './cmd-line.ts';
import { encodedCommand, prelude, quoted } from './powershell-text.ts';
import type { ShellCommand, WinrmShell } from './winrm-shell.ts';

export interface HostScript {
  /** A script block with `param`, headed by `# tidewheel:<name>`. */
  script: string;
  arguments: readonly string[];
  input?: ShellCommand['input'];
  /** Lines of its output as they come; all of it is in the result when omitted. */
  onLine?: (line: string) => void | Promise<void>;
  signal: AbortSignal;
  timeoutMs: number;
}

/** What it wrote, without the line end. @throws Conflict `winrm.script` with what PowerShell says, whose first `tidewheel:` word is in `details.reason` */
export async function runHostScript(shell: WinrmShell, { script, arguments: given, input, onLine, signal, timeoutMs }: HostScript): Promise<string> {
  const call = `& {${script}} ${given.map(quoted).join(' ')}`;
  const line = encodedCommand(`${prelude}${input === undefined ? '' : '$input | '}${call}`);
  if (line.length > mostLineLength) throw new Conflict('winrm.line_length', 'A path is too long for a command line on the host.');
  const lines = new Lines(onLine);
  const errors = new ClixmlText();
  const decoder = new TextDecoder();
  let said = '';
  const exitCode = await shell.run({
    line,
    input,
    signal,
    timeoutMs,
    onOutput: async ({ stream, bytes }) => {
      if (stream === 'stdout') await lines.take(bytes.toString('latin1'));
      else said = (said + errors.push(decoder.decode(bytes, { stream: true }))).slice(0, 20_000);
    },
  });
  const out = await lines.end();
  if (exitCode === 0) return out;
  said += errors.end();
  const [, reason] = /tidewheel:(\w+)/.exec(said) ?? [];
  throw new Conflict('winrm.script', `PowerShell on the host failed: ${said.trim().slice(0, 500) || `exit code ${exitCode}`}`, {
    details: { exitCode, reason },
  });
}

export function reasonOf(thrown: unknown): unknown {
  return thrown instanceof AppError && thrown.code === 'winrm.script' ? thrown.details?.reason : undefined;
}

/** Nothing of ours writes a longer line; what does is not ours. */
const mostLine = 1_000_000;

class Lines {
  #held = '';
  #all = '';
  readonly #onLine: HostScript['onLine'];
  constructor(onLine: HostScript['onLine']) {
    this.#onLine = onLine;
  }

  async take(text: string): Promise<void> {
    const lines = (this.#held + text).split('\n');
    this.#held = lines.pop() ?? '';
    if (this.#held.length > mostLine) throw new Conflict('winrm.script', 'The host wrote a line that no script of Tidewheel writes.');
    for (const line of lines) await this.#give(line.replace(/\r$/, ''));
  }

  async end(): Promise<string> {
    if (this.#held !== '') await this.#give(this.#held);
    this.#held = '';
    return this.#all.trim();
  }

  async #give(line: string): Promise<void> {
    if (this.#onLine) await this.#onLine(line);
    else this.#all = `${this.#all}${line}\n`.slice(0, mostLine);
  }
}

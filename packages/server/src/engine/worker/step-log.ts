// What a step logs, bounded: one that logs without end fills neither the memory of its worker nor the database, and never waits.
import type { StepLog } from '@tidewheel/kit/step-context';
import { redactor } from '../../base/redactor.ts';
import type { PendingLog } from './batch.ts';
import type { Lease } from './live-run.ts';
import type { AddItem } from './services.ts';

/** Sizes in characters and bytes of UTF-8. Named in docs/engine.md. */
export const logLimits = {
  /** Of one line; the rest is cut off. */
  lineLength: 100_000,
  /** Of one attempt. */
  lines: 1_000_000,
  bytes: 100_000_000,
  /** Of one attempt, on the way to the database. */
  waitingLines: 5_000,
  waitingBytes: 4_000_000,
};
/** Warnings and errors go on where other lines have come to their limit: so many times further. */
const urgentShare = { kept: 1.1, waiting: 2 };

type Level = PendingLog['level'];
interface Amount {
  lines: number;
  bytes: number;
}

export interface AttemptLog extends StepLog {
  /** Says how much was left out, and takes nothing more: the secrets of the attempt are forgotten after it. */
  close(): void;
}

export function attemptLog(options: Omit<IntakeOptions, 'limits'> & { limits?: typeof logLimits }): AttemptLog {
  const intake = new LogIntake({ limits: logLimits, ...options });
  const write = (level: Level) => (text: string) => intake.write(level, text);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error'), close: () => intake.close() };
}

interface IntakeOptions {
  lease: Lease;
  step: string;
  add: AddItem;
  limits: typeof logLimits;
}

class LogIntake {
  readonly #options: IntakeOptions;
  readonly #waiting: Amount = { lines: 0, bytes: 0 };
  readonly #kept: Amount = { lines: 0, bytes: 0 };
  #leftOut = 0;
  #isFull = false;
  #isClosed = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  write(level: Level, text: string): void {
    if (this.#isClosed) return;
    if (!this.#fits(level, text.length)) {
      this.#leftOut++;
      return;
    }
    this.#tellLeftOut();
    this.#add(level, this.#cut(text));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#tellLeftOut();
    this.#isClosed = true;
  }

  /** Whether there is room. `length` is less than its bytes at most by a factor of three, which no limit needs to know better. */
  #fits(level: Level, length: number): boolean {
    const { limits } = this.#options;
    const isUrgent = level === 'warn' || level === 'error';
    const bytes = Math.min(length, limits.lineLength);
    const share = isUrgent ? urgentShare : { kept: 1, waiting: 1 };
    if (this.#kept.lines >= limits.lines * share.kept || this.#kept.bytes + bytes > limits.bytes * share.kept) {
      this.#tellFull();
      return false;
    }
    return this.#waiting.lines < limits.waitingLines * share.waiting && this.#waiting.bytes + bytes <= limits.waitingBytes * share.waiting;
  }

  #cut(text: string): string {
    const { lineLength } = this.#options.limits;
    if (text.length <= lineLength) return redactor.text(text);
    return `${redactor.head(text, lineLength)} … (cut here: the line has ${text.length} characters)`;
  }

  #tellFull(): void {
    if (this.#isFull) return;
    this.#tellLeftOut();
    this.#isFull = true;
    const { lines, bytes } = this.#options.limits;
    this.#add('warn', `The log of this attempt is full: ${lines} lines or ${bytes} bytes are kept. What follows is left out, warnings and errors last.`);
  }

  #tellLeftOut(): void {
    if (this.#leftOut === 0) return;
    const count = this.#leftOut;
    this.#leftOut = 0;
    this.#add(
      'warn',
      `${count} ${count === 1 ? 'line was' : 'lines were'} left out here: ${this.#isFull ? 'the log is full' : 'they came faster than they could be stored'}.`,
    );
  }

  #add(level: Level, text: string): void {
    const { lease, step, add } = this.#options;
    const bytes = Buffer.byteLength(text);
    for (const amount of [this.#waiting, this.#kept]) {
      amount.lines++;
      amount.bytes += bytes;
    }
    const settled = () => {
      this.#waiting.lines--;
      this.#waiting.bytes -= bytes;
    };
    add({ kind: 'log', live: lease.live, line: { step, attempt: lease.attempt, at: new Date(), level, text }, settled });
  }
}

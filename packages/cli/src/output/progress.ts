// A line of progress on stderr, for terminals only.
import { isTerminal } from './terminal.ts';
import { size } from './text.ts';

const redrawMs = 100;

export class ProgressLine {
  done = 0;
  readonly #label: string;
  readonly #total: number | null;
  readonly #isShown: boolean;
  #drawnAt = 0;

  constructor(options: { label: string; total: number | null; isQuiet: boolean }) {
    this.#label = options.label;
    this.#total = options.total;
    this.#isShown = !options.isQuiet && isTerminal(process.stderr);
  }

  add(bytes: number): void {
    this.done += bytes;
    if (!this.#isShown || Date.now() - this.#drawnAt < redrawMs) return;
    this.#drawnAt = Date.now();
    const share = this.#total ? ` ${Math.floor((100 * this.done) / this.#total)} %` : '';
    process.stderr.write(`\r\u001b[K${this.#label}  ${size(this.done)}${share}`);
  }

  end(): void {
    if (this.#drawnAt > 0) process.stderr.write('\r\u001b[K');
    this.#drawnAt = 0;
  }
}

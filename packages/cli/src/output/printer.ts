// Where results and remarks go: results to stdout, remarks and progress to stderr; with --json only JSON reaches stdout.
import { type TableColumn, tableLines } from './table.ts';
import { paint, widthOf } from './terminal.ts';

export class Printer {
  readonly isJson: boolean;
  readonly #stdout: NodeJS.WriteStream;
  readonly #stderr: NodeJS.WriteStream;

  constructor(options: { isJson: boolean; stdout?: NodeJS.WriteStream; stderr?: NodeJS.WriteStream }) {
    this.isJson = options.isJson;
    this.#stdout = options.stdout ?? process.stdout;
    this.#stderr = options.stderr ?? process.stderr;
  }

  /** The result: as JSON with --json, else as `human` prints it. */
  result(value: unknown, human: () => void): void {
    if (this.isJson) this.#stdout.write(`${JSON.stringify(value, null, this.#stdout.isTTY ? 2 : undefined)}\n`);
    else human();
  }

  /** One JSON value on a line of its own, for streams. */
  jsonLine(value: unknown): void {
    this.#stdout.write(`${JSON.stringify(value)}\n`);
  }

  line(text = ''): void {
    this.#stdout.write(`${text}\n`);
  }

  table<T>(columns: TableColumn<T>[], rows: T[]): void {
    const [head = '', ...body] = tableLines(columns, rows, widthOf(this.#stdout));
    this.line(paint('bold', head));
    for (const line of body) this.line(line);
  }

  /** Named values, one per line; empty ones are left out. */
  facts(facts: [string, string | null | undefined][]): void {
    const shown = facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
    const width = Math.max(0, ...shown.map(([name]) => name.length));
    const below = `\n${' '.repeat(width + 2)}`;
    for (const [name, value] of shown) this.line(`${paint('dim', name.padEnd(width))}  ${value.replaceAll('\n', below)}`);
  }

  /** A remark for the person, on stderr; silent with --json. */
  note(text: string): void {
    if (!this.isJson) this.#stderr.write(`${text}\n`);
  }
}

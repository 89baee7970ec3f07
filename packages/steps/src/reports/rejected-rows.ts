// The rows that did not get into the report, as JSON lines with the reason: nothing that came in is lost.
import { type FileHandle, open } from 'node:fs/promises';
import type { Row } from '@tidewheel/kit/step-context';

export interface RejectedFault {
  /** The report's field, or the XML element that the schema refused. */
  field: string;
  message: string;
}

export class RejectedRows {
  readonly path: string;
  count = 0;
  readonly #file: FileHandle;
  #pending: string[] = [];

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }
  static async create(path: string): Promise<RejectedRows> {
    return new RejectedRows(path, await open(path, 'wx'));
  }
  add(row: number, { faults, record }: { faults: readonly RejectedFault[]; record: Row }): void {
    this.count++;
    this.#pending.push(`${JSON.stringify({ row, faults, record })}\n`);
  }
  /** Writes what was added; call it once a batch. */
  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const text = this.#pending.join('');
    this.#pending = [];
    await this.#file.appendFile(text);
  }
  async close(): Promise<void> {
    await this.flush();
    await this.#file.close();
  }
}

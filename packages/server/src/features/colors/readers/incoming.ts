// What readers make of any file: rows of cells with the line they stood on, and what was noticed of the whole.

export interface Cell {
  /** As a person reads it. Dates are `2026-11-20` or `2026-11-20T14:30:00`, numbers as exact as they were kept. */
  text: string;
  kind: 'text' | 'number' | 'date';
}
export const nothing: Cell = { text: '', kind: 'text' };

export interface IncomingRow {
  /** Of the file, or of its sheet, from 1. */
  line: number;
  cells: Cell[];
}

/** Said of a file: counted by what it says, so that 300 formulas are one note. */
export class Notes {
  readonly #counted = new Map<string, number>();

  /** `what` with its count in front: `formulas count by the value that was kept`. */
  count(what: string, by = 1): void {
    this.#counted.set(what, (this.#counted.get(what) ?? 0) + by);
  }
  say(what: string): void {
    this.#counted.set(what, 0);
  }
  texts(): string[] {
    return [...this.#counted].map(([what, count]) => (count === 0 ? what : `${count} ${what}`));
  }
}

export interface IncomingTable {
  /** The sheet it stands on; null where there are none. */
  sheet: string | null;
  rows: AsyncIterable<IncomingRow>;
}

export interface IncomingFile {
  kind: 'workbook' | 'delimited' | 'lines';
  tables: IncomingTable[];
  notes: Notes;
}

// The stretch of a log that the page holds: its end while that is followed, or any other part of it. Free of React, so that it can be tested as it is.
import type { LogLine } from '@tidewheel/contract/run';

/** More lines than this are not held; what is furthest from what was asked for goes. */
export const heldLines = 50_000;
/** Lines that a log is opened with, from its end. */
export const openedWith = 10_000;
const pageSize = 5_000;
/** With a filter a stretch may hold nothing: so many are looked at before the reader is asked again. */
const stretches = 20;

export interface LogSource {
  read(after: number, limit: number): Promise<LogLine[]>;
  /** Passes on lines after a number as they come. @returns what ends it */
  follow(after: number, onLines: (lines: LogLine[]) => void): () => void;
  /** Only some lines are read. */
  isFiltered: boolean;
}
export interface LogView {
  lines: LogLine[];
  isLoading: boolean;
  hasEarlier: boolean;
  /** The newest line is here and what comes is added. */
  isAtEnd: boolean;
  error: Error | null;
}

export const emptyLog: LogView = { lines: [], isLoading: true, hasEarlier: false, isAtEnd: false, error: null };

export class LogWindow {
  readonly #source: LogSource;
  readonly #changed: (view: LogView) => void;
  #view = emptyLog;
  /** Everything after this number and up to the last line is here. */
  #from = 0;
  #leave: () => void = () => undefined;
  #turn = 0;

  constructor(source: LogSource, changed: (view: LogView) => void) {
    this.#source = source;
    this.#changed = changed;
  }

  /** `last`: the number of the newest line, as far as is known. A filtered log opens at its beginning: its first warning tells most. */
  open(last: number): Promise<void> {
    return this.#reset(this.#source.isFiltered ? 0 : last - openedWith, openedWith * 2);
  }
  newest(last: number): Promise<void> {
    return this.#reset(last - openedWith, openedWith * 2);
  }
  /** Brings the line of a number here. */
  async goTo(seq: number): Promise<void> {
    const last = this.#view.lines.at(-1)?.seq ?? 0;
    if (seq > this.#from && (seq <= last || this.#view.isAtEnd)) return;
    await this.#reset(seq - 1 - pageSize / 2, pageSize);
  }

  /** @returns how many lines came before those that were there */
  async earlier(): Promise<number> {
    let added = 0;
    await this.#work(async (isCurrent) => {
      for (let tried = 0; tried < stretches && added === 0 && this.#from > 0; tried++) {
        const from = Math.max(0, this.#from - pageSize);
        const before = this.#from;
        const lines = (await this.#source.read(from, pageSize)).filter((line) => line.seq <= before);
        if (!isCurrent()) return;
        this.#from = from;
        added = lines.length;
        const all = [...lines, ...this.#view.lines];
        if (all.length > heldLines) this.#leave();
        this.#show({ lines: all.slice(0, heldLines), isAtEnd: this.#view.isAtEnd && all.length <= heldLines });
      }
    });
    return added;
  }

  async later(): Promise<void> {
    if (this.#view.isAtEnd) return;
    await this.#work((isCurrent) => this.#readOn({ lines: this.#view.lines, most: pageSize, isCurrent }));
  }

  close(): void {
    this.#turn++;
    this.#leave();
  }

  #reset(from: number, most: number): Promise<void> {
    this.#leave();
    this.#from = Math.max(0, from);
    return this.#work((isCurrent) => this.#readOn({ lines: [], most, isCurrent }));
  }

  /** Adds up to `most` lines; where the log ends it is followed. */
  async #readOn({ lines, most, isCurrent }: { lines: LogLine[]; most: number; isCurrent: () => boolean }): Promise<void> {
    let all = lines;
    let after = lines.at(-1)?.seq ?? this.#from;
    for (let read = 0; read < most; read += pageSize) {
      const page = await this.#source.read(after, pageSize);
      if (!isCurrent()) return;
      all = this.#held([...all, ...page]);
      after = page.at(-1)?.seq ?? after;
      const isAtEnd = page.length < pageSize;
      this.#show({ lines: all, isAtEnd });
      if (!isAtEnd) continue;
      this.#leave = this.#source.follow(after, (coming) => this.#show({ lines: this.#held([...this.#view.lines, ...coming]) }));
      return;
    }
  }

  #held(lines: LogLine[]): LogLine[] {
    if (lines.length <= heldLines) return lines;
    const kept = lines.slice(-heldLines);
    this.#from = (kept[0]?.seq ?? 1) - 1;
    return kept;
  }

  async #work(work: (isCurrent: () => boolean) => Promise<void>): Promise<void> {
    const turn = ++this.#turn;
    const isCurrent = () => turn === this.#turn;
    this.#show({ isLoading: true, error: null });
    try {
      await work(isCurrent);
      if (isCurrent()) this.#show({ isLoading: false });
    } catch (thrown) {
      if (isCurrent()) this.#show({ isLoading: false, error: thrown as Error });
    }
  }

  #show(change: Partial<LogView>): void {
    this.#view = { ...this.#view, ...change, hasEarlier: this.#from > 0 };
    this.#changed(this.#view);
  }
}

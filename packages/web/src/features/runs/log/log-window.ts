// The stretch of a log that the page holds: its end while that is followed, or any other part of it. Free of React, so that it can be tested as it is.
import type { LogLine } from '@tidewheel/contract/run';

/** More lines than this are not held; what is furthest from what was asked for goes. */
export const heldLines = 50_000;
const pageSize = 5_000;
/** Lines from the end that a log is opened with, around a line that is gone to, or before those that are there: fewer where lines are so long that an answer ends early. */
const tails = [10_000, 500, 20];
const leads = [pageSize / 2, 20, 0];
const steps = [pageSize, 20, 1];
/** Answers asked for at once. */
const reads = 4;
/** With a filter a stretch may hold nothing: so many are looked at before the reader is asked again. */
const stretches = 20;

export interface LogSource {
  /** Up to `limit` lines after a number, fewer where they are long; none where the log ends now. */
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
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(source: LogSource, changed: (view: LogView) => void) {
    this.#source = source;
    this.#changed = changed;
  }

  /** `last`: the number of the newest line, as far as is known. A filtered log opens at its beginning: its first warning tells most. */
  async open(last: number): Promise<void> {
    if (this.#source.isFiltered) await this.#reset(0, reads);
    else await this.newest(last);
  }
  async newest(last: number): Promise<void> {
    for (const tail of tails) if (!(await this.#reset(last - tail, reads)) || this.#view.isAtEnd) return;
  }
  /** Brings the line of a number here, where what is under way does not. */
  async goTo(seq: number): Promise<void> {
    await this.#underWay;
    for (const lead of leads) if (this.#holds(seq) || !(await this.#reset(seq - 1 - lead, 1))) return;
  }

  /** @returns how many lines came before those that were there */
  async earlier(): Promise<number> {
    let added = 0;
    await this.#work(async (isCurrent) => {
      for (let tried = 0; tried < stretches && added === 0 && this.#from > 0; tried++) {
        const stretch = await this.#stretchBefore(this.#from);
        if (!isCurrent()) return;
        this.#from = stretch.from;
        added = stretch.lines.length;
        const all = [...stretch.lines, ...this.#view.lines];
        if (all.length > heldLines) this.#leave();
        this.#show({ lines: all.slice(0, heldLines), isAtEnd: this.#view.isAtEnd && all.length <= heldLines });
      }
    });
    return added;
  }

  async later(): Promise<void> {
    if (!this.#view.isAtEnd) await this.#work((isCurrent) => this.#readOn({ from: this.#from, lines: this.#view.lines, most: 1, isCurrent }));
  }

  close(): void {
    this.#turn++;
    this.#leave();
  }

  #holds(seq: number): boolean {
    return seq > this.#from && (this.#view.isAtEnd || seq <= (this.#view.lines.at(-1)?.seq ?? 0));
  }

  /** @returns whether it went well and nothing else was asked for meanwhile */
  #reset(from: number, most: number): Promise<boolean> {
    this.#leave();
    this.#show({ isAtEnd: false });
    return this.#work((isCurrent) => this.#readOn({ from: Math.max(0, from), lines: [], most, isCurrent }));
  }

  /** Adds up to `most` full answers; where the log ends it is followed. An answer that is not full may be the last, so one more is asked for. */
  async #readOn({ from, lines, most, isCurrent }: { from: number; lines: LogLine[]; most: number; isCurrent: () => boolean }): Promise<void> {
    let all = lines;
    let isFull = true;
    for (let read = 0; read < most || (read === most && !isFull); read++) {
      const after = all.at(-1)?.seq ?? from;
      const page = await this.#source.read(after, pageSize);
      if (!isCurrent()) return;
      isFull = page.length === pageSize;
      if (read === 0) this.#from = from;
      all = this.#held([...all, ...page]);
      this.#show({ lines: all, isAtEnd: page.length === 0 });
      if (page.length > 0) continue;
      this.#leave = this.#source.follow(after, (coming) => this.#show({ lines: this.#held([...this.#view.lines, ...coming]) }));
      return;
    }
  }

  /** Lines up to a number without a gap, from as far before it as is reached. */
  async #stretchBefore(to: number): Promise<{ from: number; lines: LogLine[] }> {
    for (const step of steps) {
      const from = Math.max(0, to - step);
      const lines: LogLine[] = [];
      for (let read = 0; read < reads; read++) {
        const page = await this.#source.read(lines.at(-1)?.seq ?? from, pageSize);
        lines.push(...page);
        if (page.length === 0 || (page.at(-1)?.seq ?? 0) >= to) return { from, lines: lines.filter((line) => line.seq <= to) };
      }
    }
    return { from: to, lines: [] };
  }

  #held(lines: LogLine[]): LogLine[] {
    if (lines.length <= heldLines) return lines;
    const kept = lines.slice(-heldLines);
    this.#from = (kept[0]?.seq ?? 1) - 1;
    return kept;
  }

  #work(work: (isCurrent: () => boolean) => Promise<void>): Promise<boolean> {
    const working = this.#doWork(work);
    this.#underWay = working;
    return working;
  }

  async #doWork(work: (isCurrent: () => boolean) => Promise<void>): Promise<boolean> {
    const turn = ++this.#turn;
    const isCurrent = () => turn === this.#turn;
    this.#show({ isLoading: true, error: null });
    try {
      await work(isCurrent);
      if (isCurrent()) this.#show({ isLoading: false });
      return isCurrent();
    } catch (thrown) {
      if (isCurrent()) this.#show({ isLoading: false, error: thrown as Error });
      return false;
    }
  }

  #show(change: Partial<LogView>): void {
    this.#view = { ...this.#view, ...change, hasEarlier: this.#from > 0 };
    this.#changed(this.#view);
  }
}

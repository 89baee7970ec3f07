// The hits of a search through a log, gathered question by question. Free of React, so that it can be tested as it is.
import type { LogMatches } from '@tidewheel/contract/routes/run-logs';

/** Found at once; whoever goes beyond them finds the next. */
const foundTogether = 1_000;

export interface SearchView {
  /** The numbers of the lines, in order. */
  hits: number[];
  isLooking: boolean;
  /** There is more to look through. */
  more: boolean;
  error: Error | null;
}
export const noSearch: SearchView = { hits: [], isLooking: false, more: false, error: null };

export type AskSearch = (from: { after: number; found: number; limit: number; signal: AbortSignal }) => Promise<LogMatches>;

export class LogSearch {
  readonly #ask: AskSearch;
  readonly #changed: (view: SearchView) => void;
  readonly #end = new AbortController();
  #view: SearchView = { ...noSearch, more: true };
  #after = 0;

  constructor(ask: AskSearch, changed: (view: SearchView) => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  /** Looks on until some more are found, or the log ends. */
  async lookOn(): Promise<void> {
    if (this.#view.isLooking || this.#end.signal.aborted) return;
    const enough = this.#view.hits.length + foundTogether;
    this.#show({ isLooking: true, error: null });
    try {
      while (await this.#lookOnce(enough));
      this.#show({ isLooking: false });
    } catch (thrown) {
      this.#show({ isLooking: false, error: thrown as Error });
    }
  }

  /** The log has grown. */
  grown(): void {
    if (!this.#view.more && !this.#view.isLooking && this.#view.error === null) void this.lookOn();
  }

  close(): void {
    this.#end.abort();
  }

  /** @returns whether to go on */
  async #lookOnce(enough: number): Promise<boolean> {
    const { hits } = this.#view;
    const { signal } = this.#end;
    const matches = await this.#ask({ after: this.#after, found: hits.length, limit: Math.min(foundTogether, enough - hits.length), signal });
    this.#after = matches.next;
    this.#show({ hits: [...hits, ...matches.lines.map((line) => line.seq)], more: matches.more });
    return matches.more && this.#view.hits.length < enough && !signal.aborted;
  }

  #show(change: Partial<SearchView>): void {
    if (this.#end.signal.aborted) return;
    this.#view = { ...this.#view, ...change };
    this.#changed(this.#view);
  }
}

// How the steps of a line stand as its worker knows it. A line of a thousand steps commits a thousand times, so nothing is copied for one of them.
import type { Standing, Standings } from './decide.ts';

/** What this batch says, upon what was recorded before. */
export class KnownStandings implements Standings {
  readonly #before: ReadonlyMap<string, Standing>;
  readonly #now = new Map<string, Standing>();

  constructor(before: ReadonlyMap<string, Standing>) {
    this.#before = before;
  }
  has(step: string): boolean {
    return this.#now.has(step) || this.#before.has(step);
  }
  get(step: string): Standing | undefined {
    return this.#now.get(step) ?? this.#before.get(step);
  }
  set(step: string, standing: Standing): this {
    this.#now.set(step, standing);
    return this;
  }
  keys(): Iterable<string> {
    return new Set([...this.#before.keys(), ...this.#now.keys()]);
  }
}

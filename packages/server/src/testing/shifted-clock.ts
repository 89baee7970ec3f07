// A process whose clock is off: the clock of the machine cannot be set in a test, so `Date` is.

/** From now on everything in this thread sees a time so far from the true one. */
export function shiftClock(shiftMs: number): void {
  if (shiftMs === 0) return;
  const True = globalThis.Date;
  globalThis.Date = class extends True {
    constructor(...given: [] | ConstructorParameters<DateConstructor>) {
      if (given.length === 0) super(True.now() + shiftMs);
      else super(...(given as ConstructorParameters<DateConstructor>));
    }
    static override now(): number {
      return True.now() + shiftMs;
    }
  } as DateConstructor;
}

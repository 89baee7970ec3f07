// How many steps a worker recorded per minute over the last five, by tag: counted in memory, told with the heartbeat.

const windowMs = 5 * 60_000;
const slotMs = 10_000;

export class Throughput {
  readonly #since: number;
  /** Tag to slot (its number since the epoch) to steps. */
  readonly #counts = new Map<string, Map<number, number>>();

  constructor(now = Date.now()) {
    this.#since = now;
  }

  add(tag: string, steps: number, now = Date.now()): void {
    const slots = this.#counts.get(tag) ?? new Map<number, number>();
    this.#counts.set(tag, slots);
    const slot = Math.floor(now / slotMs);
    slots.set(slot, (slots.get(slot) ?? 0) + steps);
  }

  /** Steps per minute; a worker younger than the window is measured over its own time, but never over less than a slot. */
  perMinute(now = Date.now()): Record<string, number> {
    const oldest = Math.floor((now - windowMs) / slotMs);
    const minutes = Math.min(windowMs, Math.max(slotMs, now - this.#since)) / 60_000;
    const rates: Record<string, number> = {};
    for (const [tag, slots] of this.#counts) {
      let steps = 0;
      for (const [slot, count] of slots) {
        if (slot <= oldest) slots.delete(slot);
        else steps += count;
      }
      rates[tag] = Math.round((steps / minutes) * 10) / 10;
    }
    return rates;
  }
}

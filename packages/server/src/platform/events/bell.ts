// Something that rings: whoever noted the count before looking cannot miss a ring between looking and waiting.
export class Bell {
  rung = 0;
  readonly #waiting = new Set<() => void>();

  ring(): void {
    this.rung++;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves once it rang more often than `seen`, or when the signal is aborted. */
  async after(seen: number, signal: AbortSignal): Promise<void> {
    if (this.rung !== seen || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}

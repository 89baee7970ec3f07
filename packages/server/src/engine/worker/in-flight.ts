// Statements on their way: sent one right after the other without waiting for answers, so that all of them cost one trip. Their connection has `pipeline` on.

/** What was sent in one transaction and is not waited for singly. After the first statement that fails Postgres refuses all others, so its error is the one that counts. */
export class InFlight {
  readonly #sent: Promise<unknown>[] = [];

  /** Only for what sends its one statement at once, before it waits for anything: a second one would come after those behind it. */
  add(...statements: Promise<unknown>[]): void {
    for (const statement of statements) statement.catch(() => {});
    this.#sent.push(...statements);
  }

  /** @throws the error of the first that failed */
  async landed(): Promise<void> {
    for (const statement of this.#sent) await statement;
  }

  /**
   * Runs `work`, whose last act is to send the commit.
   * @param work - gives the promise of that commit, which is fulfilled only if the transaction is in
   * @throws the error of the first statement that failed, unless the commit got through all the same (an answer was lost)
   */
  async until(work: () => Promise<{ committed: Promise<void> }>): Promise<void> {
    const { committed } = await work().catch(async (error: unknown) => {
      await this.landed();
      throw error;
    });
    const isIn = await committed.then(
      () => true,
      () => false,
    );
    if (isIn) return;
    await this.landed();
    await committed;
  }
}

/** Waits for all. @throws the error of the first of them that failed, by their order */
export async function together<T extends readonly unknown[]>(statements: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const outcomes = await Promise.allSettled(statements);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }) as unknown as T;
}

interface Rounds {
  work(): Promise<unknown>;
  failed(error: unknown): void;
}

/** Works at once and then every so often; what fails is told and tried again. @returns how to end it, once what is under way is done */
export function inRounds({ everyMs, work, failed }: Rounds & { everyMs: number }): () => Promise<void> {
  let working: Promise<unknown> = Promise.resolve();
  const round = () => {
    working = work().catch(failed);
  };
  const timer = setInterval(round, everyMs);
  timer.unref();
  round();
  return async () => {
    clearInterval(timer);
    await working;
  };
}

export function everyHour(rounds: Rounds): () => Promise<void> {
  return inRounds({ everyMs: 3_600_000, ...rounds });
}

/** Works at once and then every hour; what fails is told and tried again. @returns how to end it, once what is under way is done */
export function everyHour({ work, failed }: { work(): Promise<unknown>; failed(error: unknown): void }): () => Promise<void> {
  let working: Promise<unknown> = Promise.resolve();
  const round = () => {
    working = work().catch(failed);
  };
  const timer = setInterval(round, 3_600_000);
  timer.unref();
  round();
  return async () => {
    clearInterval(timer);
    await working;
  };
}

// Ctrl+C: the first one asks the command to stop tidily, a second one or two seconds end the process.
import { exitCodes } from './exit-codes.ts';

const controller = new AbortController();
const patienceMs = 2_000;

export const interrupted: AbortSignal = controller.signal;

export function watchForInterrupt(): void {
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    setTimeout(() => process.exit(exitCodes.interrupted), patienceMs).unref();
  });
}

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { AppError, NotSignedIn } from '@tidewheel/contract/errors';

let onSignedOut: () => void = () => undefined;
/** What to do when the server says that the session has ended; the router sets it. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

function noticeSignedOut(error: Error): void {
  if (error instanceof NotSignedIn) onSignedOut();
}

/** Only what may succeed next time is tried again; a refusal is shown at once. */
function shouldRetry(count: number, error: Error): boolean {
  return count < 2 && error instanceof AppError && error.retryable;
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignedOut }),
  mutationCache: new MutationCache({ onError: noticeSignedOut }),
  defaultOptions: { queries: { staleTime: 5_000, retry: shouldRetry, refetchOnWindowFocus: true }, mutations: { retry: false } },
});

/** Says that something has been done. Errors are shown where they belong, never in passing. */
export function announce(message: string): void {
  // Loaded on first use: the first load of the page has no need of it.
  void import('./notices.ts').then(({ showNotice }) => showNotice(message));
}

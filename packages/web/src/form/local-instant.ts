// Between UTC instants and what a browser's `datetime-local` input holds.

/** `2026-03-01T13:00:00` in the reader's zone; empty for what is no instant. */
export function localInstant(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
export function utcInstant(local: string): string | undefined {
  const date = new Date(local);
  return local === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

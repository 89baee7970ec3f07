// Pages of what is listed newest first: ids are UUIDv7, so the id is the key.
import { InvalidInput } from '@tidewheel/contract/errors';
import { countCap, type Page } from '@tidewheel/contract/page';

export function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id)) return id;
  throw new InvalidInput('page.cursor', 'cursor: this is not a cursor of this list', { hint: 'Use `next` of the page before, or leave it out.' });
}

/** `rows` holds one more than the page when there is a further page. */
export function pageOfRows<R extends { id: string }, V>({ rows, limit, count, view }: { rows: R[]; limit: number; count: number; view: (row: R) => V }): Page<V> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    next: rows.length > limit && last ? Buffer.from(last.id).toString('base64url') : null,
    total: Math.min(count, countCap),
    totalCapped: count > countCap,
  };
}

// Lists of any length from pages of at most 200.
import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Page } from '@tidewheel/contract/page';
import type { Printer } from './output/printer.ts';
import type { TableColumn } from './output/table.ts';
import { count } from './output/text.ts';

const pageLimit = 200;

export interface Listing<T> {
  items: T[];
  total: number;
  totalCapped: boolean;
}

/** Up to `limit` items, page by page. */
export async function gatherPages<T>(
  limit: number,
  fetchPage: (query: { limit: number; cursor: string | undefined }) => Promise<Page<T>>,
): Promise<Listing<T>> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await fetchPage({ limit: Math.min(pageLimit, limit - items.length), cursor });
    items.push(...page.items);
    if (page.next === null || items.length >= limit) return { items, total: page.total, totalCapped: page.totalCapped };
    cursor = page.next;
  }
}

export function printListing<T>(print: Printer, listing: Listing<T>, view: { columns: TableColumn<T>[]; empty: string }): void {
  print.result(listing.items, () => {
    if (listing.items.length === 0) return print.note(view.empty);
    print.table(view.columns, listing.items);
    if (listing.items.length < listing.total)
      print.note(`${count(listing.items.length)} of ${count(listing.total)}${listing.totalCapped ? '+' : ''}; --limit shows more.`);
  });
}

/** For `--limit`. */
export function positiveCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}

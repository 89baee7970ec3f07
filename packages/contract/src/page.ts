// Lists: keyset cursors, a sort whitelist, exact counts up to 10,000.
import { z } from 'zod';

export const PageQuery = z.object({
  cursor: z.string().max(512).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** A page of `item`. `total` is exact up to 10,000; above it `totalCapped` is true and `total` is 10,000. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable(), total: z.number().int(), totalCapped: z.boolean() });
}
export interface Page<T> {
  items: T[];
  next: string | null;
  total: number;
  totalCapped: boolean;
}
export const countCap = 10_000;

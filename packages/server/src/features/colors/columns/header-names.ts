// What people call the two sides of a quote at the head of a column. Compared like the names of fields.
import type { SideField } from '@tidewheel/contract/color-columns';
import { fieldOfHeader, plainHeader } from '@tidewheel/contract/color-headers';

const sideNames: Record<SideField, string[]> = {
  px: ['', 'px', 'price', 'pr', 'level'],
  spread: ['spread', 'sprd', 'oas', 'dm', 'zspread', 'spd'],
  yield: ['yield', 'yld', 'ytw', 'ytm'],
  size: ['size', 'sz', 'amt', 'amount', 'qty', 'sizemm'],
};
const sides = { bid: ['bid'], offer: ['offer', 'ask', 'ofr', 'offered'] } as const;

const sideByName = new Map(
  Object.entries(sides).flatMap(([side, words]) =>
    Object.entries(sideNames).flatMap(([field, all]) =>
      words.flatMap((word) =>
        all
          .flatMap((name) => [`${word}${name}`, `${name}${word}`])
          .map((name) => [name, { side: side as 'bid' | 'offer', field: field as SideField }] as const),
      ),
    ),
  ),
);

export function sideOfHeader(header: string): { side: 'bid' | 'offer'; field: SideField } | undefined {
  return sideByName.get(plainHeader(header));
}
export function isKnownHeader(header: string): boolean {
  return plainHeader(header) !== '' && (fieldOfHeader(header) !== undefined || sideOfHeader(header) !== undefined);
}

// What the address of the desk's first page may carry.
export interface DeskSearch {
  /** How many days are counted; 30 unless told. */
  days?: number | undefined;
}
export function deskSearch({ days }: Record<string, unknown>): DeskSearch {
  return typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= 400 ? { days } : {};
}

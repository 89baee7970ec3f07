// Reads the known bonds of tickers, each ticker once for an upload.
import type { Color, ColorDoubts } from '@tidewheel/contract/color';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { isNamedByWords, type KnownBond, withKnownBond } from './known-bonds.ts';

/** Of a ticker with more the others are not looked at: no line means one of so many. */
const mostOfTicker = 500;

export class BondBook {
  readonly #trx: WorkspaceTransaction;
  readonly #workspaceId: string;
  readonly #byTicker = new Map<string, KnownBond[]>();

  constructor(trx: WorkspaceTransaction, workspaceId: string) {
    this.#trx = trx;
    this.#workspaceId = workspaceId;
  }

  /** The rows, those that name a bond by words alone with what is known of it. */
  async matched<R extends { color: Color; doubts: ColorDoubts }>(rows: R[]): Promise<R[]> {
    const asked = rows.filter(isNamedByWords).map(({ color }) => (color.ticker ?? '').toUpperCase());
    if (asked.length === 0) return rows;
    await this.#read([...new Set(asked)].filter((ticker) => !this.#byTicker.has(ticker)));
    return rows.map((row) => (isNamedByWords(row) ? withKnownBond(row, this.#byTicker.get((row.color.ticker ?? '').toUpperCase()) ?? []) : row));
  }

  async #read(tickers: string[]): Promise<void> {
    if (tickers.length === 0) return;
    const { rows } = await sql<Omit<KnownBond, 'coupon'> & { coupon: string | null }>`select cusip, isin, ticker, coupon, maturity from (
        select *, row_number() over (partition by upper(ticker) order by colors desc, security) as place from color_security
        where workspace_id = ${this.#workspaceId} and upper(ticker) = any(${tickers}::text[]) and (cusip is not null or isin is not null)) bond
      where place <= ${mostOfTicker} order by place`.execute(this.#trx);
    for (const ticker of tickers) this.#byTicker.set(ticker, []);
    for (const { coupon, ...bond } of rows) this.#byTicker.get(bond.ticker.toUpperCase())?.push({ ...bond, coupon: coupon === null ? null : Number(coupon) });
  }
}

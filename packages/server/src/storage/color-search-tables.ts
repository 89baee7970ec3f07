// The tables of the search over what was processed. Part of schema.ts.
import type { ColorSearch } from '@tidewheel/contract/routes/color-search';
import type { ColumnType, Generated, Selectable } from 'kysely';

type Defaulted<T> = ColumnType<T, T | undefined, T>;
type Json<T> = ColumnType<T, string, string>;

export interface ColorSearchTables {
  color_security: {
    workspace_id: string;
    security: string;
    cusip: string | null;
    isin: string | null;
    ticker: string | null;
    issuer: string | null;
    coupon: string | null;
    maturity: string | null;
    sector: string | null;
    market: string | null;
    currency: string | null;
    colors: number;
    first_day: string;
    last_day: string;
    words: ColumnType<string, never, never>;
  };
  color_search_recent: {
    workspace_id: string;
    user_id: string;
    sameness: Buffer;
    search: Json<ColorSearch>;
    found: number;
    at: Generated<Date>;
  };
  color_search_saved: {
    workspace_id: string;
    id: string;
    owner_id: string;
    owner_label: string;
    title: string;
    search: Json<ColorSearch>;
    shared: Defaulted<boolean>;
    alert: Defaulted<boolean>;
    revision: Defaulted<number>;
    created_at: Generated<Date>;
    updated_at: Generated<Date>;
  };
}

export type SavedColorSearchRow = Selectable<ColorSearchTables['color_search_saved']>;

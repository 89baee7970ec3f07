// The tables of sessions of the color desk. Part of schema.ts.
import type { ColorDoubts } from '@tidewheel/contract/color';
import type { ColorRuleSet, RowColor } from '@tidewheel/contract/color-rule';
import type { SessionEntryKind, sessionShares } from '@tidewheel/contract/color-session';
import type { ColumnType, Generated, Selectable } from 'kysely';
import type { ColorColumns } from './color-tables.ts';

type Defaulted<T> = ColumnType<T, T | undefined, T>;
type Json<T> = ColumnType<T, string, string>;

export interface ColorSessionTables {
  color_session: {
    workspace_id: string;
    id: string;
    title: string;
    owner: string;
    owner_label: string;
    shared: Defaulted<(typeof sessionShares)[number]>;
    state: Defaulted<'open' | 'processed' | 'discarded'>;
    revision: Defaulted<number>;
    rule_set: Json<ColorRuleSet>;
    rows: number;
    run_id: string | null;
    processing: number | null;
    created_at: Generated<Date>;
    updated_at: Generated<Date>;
    updated_by: string;
    ended_at: Date | null;
  };
  color_session_row: ColorColumns & {
    workspace_id: string;
    session_id: string;
    id: string;
    doubts: Json<ColorDoubts>;
    place: string;
    excluded: Defaulted<boolean>;
    excluded_by: string | null;
    excluded_by_hand: Defaulted<boolean>;
    color: RowColor | null;
    color_by: string | null;
    color_by_hand: Defaulted<boolean>;
    removed: Defaulted<boolean>;
    revision: Defaulted<number>;
  };
  color_session_entry: {
    workspace_id: string;
    session_id: string;
    number: number;
    kind: SessionEntryKind;
    what: Json<Record<string, unknown>>;
    rows: number;
    of_entry: number | null;
    rule_sets: ColumnType<{ before: ColorRuleSet; after: ColorRuleSet } | null, string | null, never>;
    by_user: string;
    by_label: string;
    at: Generated<Date>;
  };
  color_session_change: {
    workspace_id: string;
    session_id: string;
    number: number;
    row_id: string;
    before: Json<Record<string, unknown>>;
    after: Json<Record<string, unknown>>;
  };
  color_session_run: { workspace_id: string; run_id: string; session_id: string; revision: number };
  color_session_presence: {
    workspace_id: string;
    session_id: string;
    who: string;
    label: string;
    row_id: string | null;
    field: string | null;
    seen_at: Generated<Date>;
  };
}

export type ColorSessionRecord = Selectable<ColorSessionTables['color_session']>;
export type ColorSessionRowRecord = Selectable<ColorSessionTables['color_session_row']>;

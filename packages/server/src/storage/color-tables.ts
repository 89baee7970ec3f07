// The tables of the color desk. Part of schema.ts.
import type { ColorDoubts } from '@tidewheel/contract/color';
import type { ColorColumns as ColorColumnConfiguration } from '@tidewheel/contract/color-columns';
import type { ColorCondition, ColorRuleSet, colorRuleKinds, RowColor } from '@tidewheel/contract/color-rule';
import type { StoredError } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import type { ColumnType, Generated, Selectable } from 'kysely';

type Defaulted<T> = ColumnType<T, T | undefined, T>;
type Json<T> = ColumnType<T, string, string>;
type DefaultedJson<T> = ColumnType<T, string | undefined, string>;

/** The fields of a color as columns. Dates are `YYYY-MM-DD`; numbers come as text, for they are exact. */
export interface ColorColumns {
  date: string;
  cusip: string | null;
  isin: string | null;
  ticker: string | null;
  issuer: string | null;
  coupon: string | null;
  maturity: string | null;
  sector: string | null;
  market: string | null;
  currency: string | null;
  source: string | null;
  dealer: string | null;
  bias: string | null;
  px: string | null;
  spread: string | null;
  yield: string | null;
  size: string | null;
  rank: number | null;
  level: string | null;
  bwic: string | null;
  at: Date | null;
  confidence: string | null;
  more: DefaultedJson<Record<string, string>>;
}

export interface ColorTables {
  color_settings: {
    workspace_id: string;
    revision: Defaulted<number>;
    ranking: Json<ColorRuleSet['order']>;
    sheet: DefaultedJson<Record<string, unknown>>;
    flow_id: string | null;
    updated_at: Generated<Date>;
    updated_by: string;
  };
  color_rule: {
    workspace_id: string;
    id: string;
    kind: (typeof colorRuleKinds)[number];
    title: string;
    note: Defaulted<string>;
    condition: Json<ColorCondition>;
    color: RowColor | null;
    priority: number;
    active: Defaulted<boolean>;
    revision: Defaulted<number>;
    created_at: Generated<Date>;
    updated_at: Generated<Date>;
    updated_by: string;
    archived_at: Date | null;
  };
  color_source: {
    workspace_id: string;
    id: string;
    slug: string;
    title: string;
    version: Defaulted<number>;
    created_at: Generated<Date>;
    updated_at: Generated<Date>;
    updated_by: string;
    archived_at: Date | null;
  };
  color_source_version: {
    workspace_id: string;
    source_id: string;
    version: number;
    columns: Json<ColorColumnConfiguration>;
    created_at: Generated<Date>;
    created_by: string;
  };
  color_upload: {
    workspace_id: string;
    id: string;
    kind: 'file' | 'paste' | 'step';
    title: string;
    source: string | null;
    columns_version: number | null;
    file: ColumnType<FileRef | null, string | null | undefined, string | null>;
    sha256: string | null;
    state: 'receiving' | 'held' | 'reading' | 'ready' | 'failed' | 'withdrawn';
    size: Defaulted<number>;
    received: Defaulted<number>;
    holds: Defaulted<boolean>;
    date: Defaulted<string>;
    same_as: string | null;
    refusals: DefaultedJson<{ line: number; why: string; text: string }[]>;
    step: string | null;
    rows: Defaulted<number>;
    doubtful: Defaulted<number>;
    duplicates: Defaulted<number>;
    refused: Defaulted<number>;
    notes: DefaultedJson<string[]>;
    error: ColumnType<StoredError | null, string | null | undefined, string | null>;
    run_id: string | null;
    created_at: Generated<Date>;
    created_by: string;
    ended_at: Date | null;
  };
  color_buffer: ColorColumns & {
    workspace_id: string;
    id: string;
    upload_id: string;
    line: number;
    doubts: DefaultedJson<ColorDoubts>;
    sameness: Buffer;
    duplicate_of: string | null;
    taken_by_run: string | null;
    taken_by_session: string | null;
    taken_at: Date | null;
    revision: Defaulted<number>;
    removed_at: Date | null;
    removed_by: string | null;
    taken_by_step: string | null;
  };
  color_upload_chunk: {
    workspace_id: string;
    upload_id: string;
    position: number;
    size: number;
    sha256: string;
  };
  color_processing: {
    workspace_id: string;
    id: string;
    number: number;
    kind: 'automatic' | 'manual';
    date: string;
    run_id: string | null;
    step: string | null;
    session_id: string | null;
    rule_set: Json<ColorRuleSet>;
    taken: number;
    excluded: number;
    kept: number;
    families: number;
    by_source: DefaultedJson<Record<string, number>>;
    by_rule: DefaultedJson<Record<string, number>>;
    first_day: string | null;
    last_day: string | null;
    started_at: Date;
    ended_at: Generated<Date>;
    by_label: string;
  };
  /** What a processing was made of: lines of uploads, as Postgres writes a multirange. */
  color_consumed: {
    workspace_id: string;
    processing_id: string;
    upload_id: string;
    lines: string;
  };
  color: ColorColumns & {
    workspace_id: string;
    processing_id: string;
    line: number;
    excluded_by: string | null;
    position: number | null;
    family: number | null;
    child: number | null;
    color: string | null;
    color_by: string | null;
    /** Made by the database: see migration 0186. */
    security: ColumnType<string, never, never>;
  };
}

export type ColorBufferRow = Selectable<ColorTables['color_buffer']>;
export type ColorUploadRow = Selectable<ColorTables['color_upload']>;

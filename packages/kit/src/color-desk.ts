// What a step sees of the color desk of its workspace.
import type { ColorRuleSet } from '@tidewheel/contract/color-rule';
import type { ColorSheet } from '@tidewheel/contract/color-sheet';
import type { FileRef, TableRef } from '@tidewheel/contract/values';
import type { Row } from './step-context.ts';

export interface ColorDesk {
  /** The active rules in the order in which they are asked, and the order of the sheet, as they are now. */
  ruleSet(): Promise<ColorRuleSet>;
  /** How the desk wants its sheet. */
  sheet(): Promise<ColorSheet>;
  /** Of a run that processes a session: the rules by which its rows were ranked before people arranged them; `take` gives those rows with their places. Else null. */
  arranged(): Promise<ColorRuleSet | null>;
  /** Reads a file or a table into the buffer as one upload, once for each content and step of a run. @throws InvalidInput for what cannot be read */
  collect(incoming: IncomingColors): Promise<CollectedColors>;
  /** What waits in the buffer, by the names of the fields, now held by this step; in a dry run without holding it. The same rows for every attempt of the step. */
  take(wanted: WantedColors): AsyncIterable<Row[]>;
  /** Keeps ranked rows as a processing and frees what the run took from the buffer, once for each step of a run. @throws InvalidInput for rows that were not ranked */
  keep(ranked: { rules: ColorRuleSet; rows: AsyncIterable<Row[]> }): Promise<KeptColors>;
}

export interface IncomingColors {
  from: FileRef | TableRef;
  title: string;
  /** The slug of the source whose columns say what feeds which field; null: those that fit, else what the headers tell. */
  source: string | null;
  /** `YYYY-MM-DD`, for rows that say no day. */
  date: string;
  /** Also what came before with the same content. */
  again: boolean;
}

export interface CollectedColors {
  upload: string;
  rows: number;
  doubtful: number;
  duplicates: number;
  refused: number;
  /** The title of the upload that brought the same content before: nothing was read. */
  sameAs: string | null;
}

export interface WantedColors {
  /** Slugs of sources; empty: all. */
  sources: readonly string[];
  /** Rows with doubts stay in the buffer for a person. */
  leaveDoubtful: boolean;
  /** A row that says what an earlier one says is not handed on, and goes with it when the run keeps. */
  leaveDuplicates: boolean;
}

export interface KeptColors {
  /** Its number. */
  processing: number;
  taken: number;
  excluded: number;
  kept: number;
  families: number;
}

// What a step sees of the color desk of its workspace.
import type { ColorRuleSet } from '@tidewheel/contract/color-rule';
import type { Row } from './step-context.ts';

export interface ColorDesk {
  /** The active rules in the order in which they are asked, and the order of the sheet, as they are now. */
  ruleSet(): Promise<ColorRuleSet>;
  /** Keeps ranked rows as a processing and frees what the run took from the buffer, once for each step of a run. @throws InvalidInput for rows that were not ranked */
  keep(ranked: { rules: ColorRuleSet; rows: AsyncIterable<Row[]> }): Promise<KeptColors>;
}

export interface KeptColors {
  /** Its number. */
  processing: number;
  taken: number;
  excluded: number;
  kept: number;
  families: number;
}

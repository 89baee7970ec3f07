// What a step sees of the color desk of its workspace.
import type { ColorRuleSet } from '@tidewheel/contract/color-rule';

export interface ColorDesk {
  /** The active rules in the order in which they are asked, and the order of the sheet, as they are now. */
  ruleSet(): Promise<ColorRuleSet>;
}

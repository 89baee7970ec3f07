// An installation without a color desk: no rules, nothing that waits, nothing that is kept.
import { defaultColorOrder } from '@tidewheel/contract/color-rule';
import { defaultColorSheet } from '@tidewheel/contract/color-sheet';
import { NotFound } from '@tidewheel/contract/errors';
import type { ColorPort } from './ports.ts';

export const noColors: ColorPort = {
  desk: () => ({
    ruleSet: async () => ({ rules: [], order: defaultColorOrder }),
    sheet: async () => defaultColorSheet,
    arranged: async () => null,
    collect: async () => missing(),
    take: () => missing(),
    keep: async () => missing(),
  }),
};

function missing(): never {
  throw new NotFound('color.no_desk', 'There is no color desk here.', {});
}

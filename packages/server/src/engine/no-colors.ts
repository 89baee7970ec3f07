// An installation without a color desk: no rules, nothing that waits.
import { defaultColorOrder } from '@tidewheel/contract/color-rule';
import type { ColorPort } from './ports.ts';

export const noColors: ColorPort = { desk: () => ({ ruleSet: async () => ({ rules: [], order: defaultColorOrder }) }) };

import type { Color } from 'ansi-sequence-parser';
import { describe, expect, it } from 'vitest';
import { contrast, painted, type Rgb, rgbOf, type Scheme } from './ansi-colour.ts';

const surfaces: Record<Scheme, Rgb> = { light: [255, 255, 255], dark: [23, 38, 42] };
const parse = (css: string | undefined) => [...(css ?? '').matchAll(/\d+/g)].map(Number) as unknown as Rgb;
const table = Array.from({ length: 256 }, (_, index): Color => ({ type: 'table', index }));

describe.each(['light', 'dark'] as const)('on the %s page', (scheme) => {
  it('every colour of the table can be read', () => {
    for (const colour of table) {
      const { colour: shown } = painted({ text: rgbOf(colour), ground: undefined, scheme });
      expect(contrast(parse(shown), surfaces[scheme])).toBeGreaterThanOrEqual(4.5);
    }
  });
  it('and on every ground of the table, in a colour of its own or without', () => {
    for (const ground of table) {
      for (const text of [undefined, rgbOf({ type: 'named', name: 'red' }), rgbOf(ground)]) {
        const shown = painted({ text, ground: rgbOf(ground), scheme });
        expect(contrast(parse(shown.colour), parse(shown.ground))).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});

it('keeps a colour that can be read as it is', () => {
  expect(painted({ text: [0, 0, 128], ground: undefined, scheme: 'light' })).toEqual({ colour: 'rgb(0 0 128)' });
});
it('knows true colours, and no colour of a number that has none', () => {
  expect(rgbOf({ type: 'rgb', rgb: [300, -4, 12] })).toEqual([255, 0, 12]);
  expect([256, -1, 1.5, Number.NaN].map((index) => rgbOf({ type: 'table', index }))).toEqual([undefined, undefined, undefined, undefined]);
  expect(rgbOf({ type: 'table', index: 196 })).toEqual([255, 0, 0]);
});

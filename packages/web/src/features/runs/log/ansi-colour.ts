// The colours that a step wrote, as they can be read on our page: each reaches 4.5:1 (WCAG 2.2, 1.4.3) on what lies behind it.
import type { Color, ColorName } from 'ansi-sequence-parser';

export type Scheme = 'light' | 'dark';
export type Rgb = readonly [red: number, green: number, blue: number];

/** Behind a line of the log: the surface and, under the pointer, the tint that is harder to read on. */
const grounds: Record<Scheme, readonly Rgb[]> = {
  light: [
    [255, 255, 255],
    [224, 240, 241],
  ],
  dark: [
    [23, 38, 42],
    [29, 46, 51],
    [28, 58, 62],
  ],
};
const named: Record<ColorName, Rgb> = {
  black: [0, 0, 0],
  red: [205, 49, 49],
  green: [13, 148, 74],
  yellow: [180, 140, 10],
  blue: [36, 114, 200],
  magenta: [188, 63, 188],
  cyan: [17, 148, 185],
  white: [229, 229, 229],
  brightBlack: [120, 120, 120],
  brightRed: [241, 76, 76],
  brightGreen: [35, 190, 110],
  brightYellow: [235, 200, 60],
  brightBlue: [80, 155, 240],
  brightMagenta: [214, 112, 214],
  brightCyan: [41, 184, 219],
  brightWhite: [255, 255, 255],
};
const names = Object.keys(named) as ColorName[];
const cubeLevels = [0, 95, 135, 175, 215, 255];
const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
const least = 4.5;

/** Undefined for a number that no colour has. */
export function rgbOf(colour: Color): Rgb | undefined {
  if (colour.type === 'named') return named[colour.name];
  if (colour.type === 'rgb') return colour.rgb.map((part) => Math.max(0, Math.min(255, part))) as unknown as Rgb;
  return tableColour(colour.index);
}

/** xterm's table of 256. */
function tableColour(index: number): Rgb | undefined {
  if (!Number.isInteger(index) || index < 0 || index > 255) return undefined;
  if (index < 16) return named[names[index] as ColorName];
  if (index >= 232) return [8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10];
  const at = index - 16;
  return [cubeLevels[Math.floor(at / 36)] ?? 0, cubeLevels[Math.floor(at / 6) % 6] ?? 0, cubeLevels[at % 6] ?? 0];
}

export interface Painted {
  colour?: string;
  ground?: string;
}

/** The colours to show a piece of text in. A ground of its own stays as it is: the text on it gives way. */
export function painted({ text, ground, scheme }: { text: Rgb | undefined; ground: Rgb | undefined; scheme: Scheme }): Painted {
  if (ground !== undefined) return { ground: css(ground), colour: css(readable(text ?? furthest(ground), [ground])) };
  return text === undefined ? {} : { colour: css(readable(text, grounds[scheme])) };
}

/** The colour, mixed with black or white as far as it takes. */
function readable(colour: Rgb, behind: readonly Rgb[]): Rgb {
  const target = furthest(behind[0] ?? white);
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, target, share);
    if (behind.every((one) => contrast(mixed, one) >= least)) return mixed;
  }
  return target;
}

function furthest(ground: Rgb): Rgb {
  return contrast(white, ground) >= contrast(black, ground) ? white : black;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((part, index) => Math.round(part + ((to[index] ?? 0) - part) * share)) as unknown as Rgb;
}

/** WCAG 2.2, relative luminance and contrast ratio. */
export function contrast(one: Rgb, other: Rgb): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function css(colour: Rgb): string {
  return `rgb(${colour.join(' ')})`;
}

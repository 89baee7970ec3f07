// The options by which colors are looked for.
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { colorBiases } from '@tidewheel/contract/color';
import type { ColorSearch } from '@tidewheel/contract/routes/color-search';
import type { command } from '../../command.ts';

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

const sorts = ['newest', 'oldest', 'px', '-px', 'spread', '-spread', '-size', 'rank'] as const;

export const searchOptions = {
  from: ['--from <date>', 'on this day or later: 2026-11-02'],
  to: ['--to <date>', 'on this day or before'],
  security: ['--security <name>', 'exactly this one: its CUSIP, else its ISIN, else as dealers call it'],
  sector: ['--sector <name>', 'of this sector'],
  market: ['--market <name>', 'of this market'],
  source: ['--source <name>', 'that came from this source'],
  dealer: ['--dealer <name>', 'of this dealer'],
  pxFrom: ['--px-from <n>', 'with at least this price', number],
  pxTo: ['--px-to <n>', 'with at most this price', number],
  spreadFrom: ['--spread-from <bp>', 'with at least this spread', number],
  spreadTo: ['--spread-to <bp>', 'with at most this spread', number],
  sizeFrom: ['--size-from <mm>', 'with at least this size', number],
  sizeTo: ['--size-to <mm>', 'with at most this size', number],
  rankFrom: ['--rank-from <n>', 'with at least this rank', number],
  rankTo: ['--rank-to <n>', 'with at most this rank', number],
} as const;
export const biasOption = () => new Option('--bias <bias>', 'with this bias').choices(colorBiases);
export const sortOption = () => new Option('--sort <order>', 'in this order').choices(sorts);

/** A command with the options by which searches narrow what they find. */
export function withSearch<C extends ReturnType<typeof command>>(made: C) {
  return made
    .option(...searchOptions.from)
    .option(...searchOptions.to)
    .option(...searchOptions.security)
    .option(...searchOptions.sector)
    .option(...searchOptions.market)
    .option(...searchOptions.source)
    .option(...searchOptions.dealer)
    .addOption(biasOption())
    .option(...searchOptions.pxFrom)
    .option(...searchOptions.pxTo)
    .option(...searchOptions.spreadFrom)
    .option(...searchOptions.spreadTo)
    .option(...searchOptions.sizeFrom)
    .option(...searchOptions.sizeTo)
    .option(...searchOptions.rankFrom)
    .option(...searchOptions.rankTo);
}

type Chosen = { [K in keyof ColorSearch]?: ColorSearch[K] | undefined };

/** What the options ask for, without those of other kinds. */
export function searchFrom(text: string | undefined, options: Omit<Chosen, 'text'>): ColorSearch {
  const names = [...Object.keys(searchOptions), 'bias', 'sort'] as (keyof typeof options)[];
  const given = names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]));
  return { ...(text === undefined ? {} : { text }), ...Object.fromEntries(given) };
}

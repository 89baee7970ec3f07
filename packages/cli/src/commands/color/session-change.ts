// `tidewheel color session change`: every kind of change of the rows of a session.
import { Option } from '@commander-js/extra-typings';
import { changeColorSession, listSessionRows, showColorSession } from '@tidewheel/client/routes';
import { ColorField } from '@tidewheel/contract/color';
import { RowColor } from '@tidewheel/contract/color-rule';
import { type SessionAction, type SessionRow, sessionViews } from '@tidewheel/contract/color-session';
import { InvalidInput } from '@tidewheel/contract/errors';
import { parse } from 'yaml';
import { z } from 'zod';
import { command, contextOf, gather } from '../../command.ts';
import { readText } from '../../input.ts';

export function change() {
  return command('change', {
    summary: 'Change rows of a session: named ones, or all that a filter finds',
    examples: [
      ['tidewheel color session change 019a… cells --row 019b… --set px=98-16+', 'a price'],
      ["echo '{ 019b…: { px: 98-16+ }, 019c…: { px: 99 } }' | tidewheel color session change 019a… block --values -", 'of each row its own'],
      ['tidewheel color session change 019a… exclude --search XYZ', 'a whole issuer'],
      ['tidewheel color session change 019a… move --row 019b… --before 019c… --families', 'a bond with all its rows'],
    ],
  })
    .argument('<id>', 'of the session')
    .argument('<what>', 'cells, block, remove, restore, exclude, include, color or move')
    .option('--row <id>', 'a row; may be given several times', gather)
    .addOption(new Option('--which <which>', 'all of these').choices(sessionViews))
    .option('--search <text>', 'all that this finds')
    .option('--set <field=value>', 'of cells; may be given several times', gather)
    .option('--values <file>', 'of block: fields by row, as YAML or JSON; - for stdin')
    .addOption(new Option('--color <colour>', 'of color; without it none').choices(RowColor.options))
    .option('--before <id>', 'of move: the row before which they come; without it the end')
    .option('--families', 'of move: with all rows of their bonds')
    .action(async (id, what, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { revision } = await client.call(showColorSession, { params: { id } });
      const { which, search, values } = options;
      const block = values === undefined ? undefined : readBlock({ text: await readText(values), file: values });
      const wanted = block?.rows ?? options.row;
      const window = async (from: number) => (await client.call(listSessionRows, { params: { id }, query: { which: 'all', from, limit: 500 } })).rows;
      const named = wanted === undefined ? {} : { rows: await revisionsOf(wanted, window) };
      const filter = which === undefined && search === undefined ? {} : { filter: { which: which ?? ('all' as const), search }, seen: revision };
      const done = await client.call(changeColorSession, { params: { id }, body: { action: block?.action ?? actionOf(what, options), ...named, ...filter } });
      context.print.result(done, () => context.print.line(`${done.changed} rows changed; change ${done.revision}`));
    });
}

/** Removed rows are not in sight: the filter of the server finds those. */
async function revisionsOf(ids: string[], window: (from: number) => Promise<SessionRow[]>): Promise<{ id: string; revision: number }[]> {
  const found: { id: string; revision: number }[] = [];
  for (let from = 0; ; from += 500) {
    const some = await window(from);
    found.push(...some.filter(({ id }) => ids.includes(id)).map(({ id, revision }) => ({ id, revision })));
    if (found.length === ids.length) return found.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
    if (some.length < 500)
      throw new InvalidInput('color_session.no_row', 'Not all of these rows are in the session.', {
        hint: 'Look at `tidewheel color session rows`; removed ones come back by --which removed.',
      });
  }
}

/** @throws InvalidInput when the rows do not all name the same fields */
function readBlock({ text, file }: { text: string; file: string }): { action: SessionAction; rows: string[] } {
  const refuse = (what: string) =>
    new InvalidInput('input.block', `${file} ${what}`, { hint: 'Write `<id of a row>: { px: 98-16+, dealer: ALDR }`, the same fields for each row.' });
  const given = Block.safeParse(yamlOf(text));
  if (!given.success) throw refuse('is no block of values.');
  const rows = Object.keys(given.data);
  const fields = Object.keys(Object.values(given.data)[0] ?? {}).map((field) => ColorField.parse(field));
  const values = Object.values(given.data).map((line) => {
    if (Object.keys(line).length !== fields.length || fields.some((field) => !(field in line))) throw refuse('does not name the same fields for each row.');
    return fields.map((field) => String(line[field] ?? ''));
  });
  return { action: { kind: 'block', fields, values }, rows };
}

const Block = z.record(z.string(), z.partialRecord(ColorField, z.union([z.string(), z.number(), z.null()])));

function yamlOf(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

interface ChangeOptions {
  set?: string[] | undefined;
  color?: RowColor | undefined;
  before?: string | undefined;
  families?: true | undefined;
}

function actionOf(kind: string, { set = [], color, before, families }: ChangeOptions): SessionAction {
  if (kind === 'cells') return { kind, fields: Object.fromEntries(set.map(fieldOf)) };
  if (kind === 'color') return { kind, color: color ?? null };
  if (kind === 'move') return { kind, before: before ?? null, families: families === true };
  if (kind === 'remove' || kind === 'restore' || kind === 'exclude' || kind === 'include') return { kind };
  if (kind === 'block') throw new InvalidInput('input.block', 'It is not said which values.', { hint: 'Give --values.' });
  throw new InvalidInput('input.change', `${JSON.stringify(kind)} is no change of rows`, {
    hint: 'It is cells, block, remove, restore, exclude, include, color or move.',
  });
}

function fieldOf(text: string): [ColorField, string] {
  const at = text.indexOf('=');
  const field = ColorField.safeParse(text.slice(0, at));
  if (at > 0 && field.success) return [field.data, text.slice(at + 1)];
  throw new InvalidInput('input.field', `${JSON.stringify(text)} is no field=value`, { hint: `Fields are ${ColorField.options.join(', ')}.` });
}

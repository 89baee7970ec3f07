import { showColorSheet, updateColorSheet } from '@tidewheel/client/routes';
import { ColorSheet, columnTitle } from '@tidewheel/contract/color-sheet';
import { InvalidInput } from '@tidewheel/contract/errors';
import { parse, stringify } from 'yaml';
import { command, contextOf, group } from '../../command.ts';
import { readText } from '../../input.ts';
import { positiveCount } from '../../listing.ts';

export function colorSheet() {
  return group('sheet', { summary: 'See and change how the sheet of the desk looks' }).addCommand(show()).addCommand(apply());
}

function show() {
  return command('show', {
    summary: 'Show the columns of the sheet and what comes with it, as YAML',
    examples: [['tidewheel color sheet show > sheet.yaml', 'to change it and give it to `apply`']],
  }).action(async (options) => {
    const context = contextOf(options);
    const settings = await (await context.client()).call(showColorSheet, {});
    context.print.result(settings, () => context.print.line(stringify(settings.sheet).trimEnd()));
  });
}

function apply() {
  return command('apply', {
    summary: 'Change the sheet by a file',
    examples: [
      ["echo '{ columns: [{ column: cusip }, { column: px, header: Price, width: 12 }] }' | tidewheel color sheet apply -", 'what is left out stays'],
      ["echo '{ template: morning-sheet }' | tidewheel color sheet apply -", 'by the header row of an uploaded workbook'],
    ],
  })
    .argument('<file>', 'YAML or JSON; - for stdin')
    .option('--revision <n>', 'that you have seen; the newest when omitted', positiveCount)
    .action(async (file, { revision: seen, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const now = await client.call(showColorSheet, {});
      const sheet = readSheet({ text: await readText(file), file, now: now.sheet });
      const changed = await client.call(updateColorSheet, { body: { sheet, revision: seen ?? now.revision } });
      context.print.result(changed, () => {
        const { columns, template } = changed.sheet;
        context.print.line(
          template === null
            ? `The sheet has ${columns.map(({ column, header }) => header ?? columnTitle(column)).join(', ')}.`
            : `The sheet follows ${template}.`,
        );
      });
    });
}

/** @throws InvalidInput naming what is wrong in it */
function readSheet({ text, file, now }: { text: string; file: string; now: ColorSheet }): ColorSheet {
  const refuse = (what: string, cause?: unknown) =>
    new InvalidInput('input.color_sheet', `${file} ${what}`, { hint: 'See `tidewheel color sheet show`.', cause });
  let given: unknown;
  try {
    given = parse(text, { maxAliasCount: 100 });
  } catch (cause) {
    throw refuse(`is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw refuse('holds no settings of a sheet.');
  const parsed = ColorSheet.safeParse({ ...now, ...given });
  if (parsed.success) return parsed.data;
  throw refuse(
    `is no sheet: ${parsed.error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
      .join('; ')}`,
  );
}

// `tidewheel color source`: which columns feed which fields.
import { archiveColorSource, createColorSource, listColorSources, listColorSourceVersions, showColorSource, updateColorSource } from '@tidewheel/client/routes';
import { type ColorSource, ColorSourceContent } from '@tidewheel/contract/color-columns';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import { stringify } from 'yaml';
import { command, contextOf, group } from '../../command.ts';
import { contentFrom } from '../../content-file.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<ColorSource>[] = [
  { title: 'Source', value: (source) => source.slug, whole: true },
  { title: 'Title', value: (source) => source.title },
  { title: 'Fields', value: (source) => String(Object.keys(source.columns.fields).length), align: 'right' },
  { title: 'Version', value: (source) => String(source.version), align: 'right' },
  { title: 'Changed', value: (source) => instant(source.updatedAt), whole: true },
  { title: 'By', value: (source) => source.updatedBy, optional: true },
];

export function colorSource() {
  return group('source', { summary: 'Say which columns of incoming files feed which fields' })
    .addCommand(list())
    .addCommand(show())
    .addCommand(apply())
    .addCommand(versions())
    .addCommand(archive());
}

function list() {
  return command('list', { summary: 'List the sources of colors', examples: [['tidewheel color source list', 'each with its version']] }).action(
    async (options) => {
      const context = contextOf(options);
      const { items } = await (await context.client()).call(listColorSources);
      context.print.result(items, () =>
        items.length === 0 ? context.print.note('No sources. Files are read by what their headers tell.') : context.print.table(columns, items),
      );
    },
  );
}

function show() {
  return command('show', {
    summary: 'Show the columns of a source, as `apply` takes them',
    examples: [['tidewheel color source show morning-runs', 'as YAML']],
  })
    .argument('<source>', 'its name')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const source = await (await context.client()).call(showColorSource, { params: { slug } });
      context.print.result(source, () => context.print.line(stringify({ title: source.title, columns: source.columns }).trimEnd()));
    });
}

function apply() {
  return command('apply', {
    summary: 'Create a source, or change its columns, from a file',
    examples: [['tidewheel color source apply morning-runs columns.yaml', 'a new version when it differs']],
  })
    .argument('<source>', 'its name: a-z, 0-9 and -')
    .argument('<file>', 'YAML or JSON with title and columns; - for stdin')
    .action(async (slug, file, options) => {
      const context = contextOf(options);
      const parsed = ColorSourceContent.safeParse(await contentFrom(file));
      if (!parsed.success) {
        const told = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
        throw new InvalidInput('input.color_source', `${file} says no columns: ${told.join('; ')}`, { hint: 'See docs/colors.md.' });
      }
      const client = await context.client();
      const there = await client.call(showColorSource, { params: { slug } }).catch((thrown: unknown) => {
        if (thrown instanceof NotFound) return null;
        throw thrown;
      });
      const body = parsed.data;
      const source = there
        ? await client.call(updateColorSource, { params: { slug }, body: { ...body, version: there.version } })
        : await client.call(createColorSource, { body: { slug, ...body } });
      context.print.result(source, () => context.print.line(`${source.slug}: version ${source.version}`));
    });
}

function versions() {
  return command('versions', {
    summary: 'List the versions of the columns of a source',
    examples: [['tidewheel color source versions morning-runs', 'newest first']],
  })
    .argument('<source>', 'its name')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const { items } = await (await context.client()).call(listColorSourceVersions, { params: { slug } });
      context.print.result(items, () =>
        context.print.table(
          [
            { title: 'Version', value: (one) => String(one.version), align: 'right' },
            { title: 'Saved', value: (one) => instant(one.createdAt), whole: true },
            { title: 'By', value: (one) => one.createdBy },
          ],
          items,
        ),
      );
    });
}

function archive() {
  return command('archive', {
    summary: 'Archive a source of colors',
    examples: [['tidewheel color source archive morning-runs', 'the change log brings it back']],
  })
    .argument('<source>', 'its name')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const source = await (await context.client()).call(archiveColorSource, { params: { slug } });
      context.print.result(source, () => context.print.line(`${source.slug} is archived.`));
    });
}

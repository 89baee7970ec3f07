// `tidewheel color upload`: files and pasted text into the buffer.
import path from 'node:path';
import type { Client } from '@tidewheel/client/client';
import {
  beginColorUpload,
  downloadColorUpload,
  listColorUploads,
  pasteColors,
  previewColorUpload,
  previewPaste,
  readColorUpload,
  sendColorUpload,
  showColorUpload,
  withdrawColorUpload,
} from '@tidewheel/client/routes';
import { Conflict } from '@tidewheel/contract/errors';
import type { ColorPreview, ColorUpload } from '@tidewheel/contract/routes/color-uploads';
import { command, contextOf, group } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { readBlob, readText } from '../../input.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant, size } from '../../output/text.ts';
import { fileNameOf, refuseExisting, saveDownload } from '../../save-download.ts';

const chunkBytes = 8 * 1024 ** 2;
const columns: TableColumn<ColorUpload>[] = [
  { title: 'Id', value: (upload) => upload.id, whole: true },
  { title: 'Upload', value: (upload) => upload.title },
  { title: 'State', value: (upload) => upload.state, whole: true },
  { title: 'Rows', value: (upload) => String(upload.rows), align: 'right' },
  { title: 'Doubtful', value: (upload) => String(upload.doubtful), align: 'right' },
  { title: 'Refused', value: (upload) => String(upload.refused), align: 'right' },
  { title: 'Source', value: (upload) => upload.source ?? '', optional: true },
  { title: 'When', value: (upload) => instant(upload.createdAt), whole: true, optional: true },
];

export function colorUpload() {
  return group('upload', { summary: 'Bring files and pasted text to the buffer' })
    .addCommand(add())
    .addCommand(resume())
    .addCommand(paste())
    .addCommand(list())
    .addCommand(show())
    .addCommand(preview())
    .addCommand(read())
    .addCommand(withdraw())
    .addCommand(download());
}

function add() {
  return command('add', {
    summary: 'Upload files of colors: .xlsx, .csv, .txt',
    description: 'A break is no loss: `upload resume` goes on where it was.',
    examples: [
      ['tidewheel color upload add runs.xlsx axes.csv', 'both, one after the other'],
      ['tidewheel color upload add runs.xlsx --source morning-runs --hold', 'look at it before it is read'],
    ],
  })
    .argument('<files...>', 'files to upload')
    .option('--source <name>', 'by whose columns they are read; those that fit when omitted')
    .option('--date <day>', 'for which day rows are that say none; today when omitted')
    .option('--hold', 'do not read them yet')
    .action(async (files, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { source, date, hold } = options;
      const made: ColorUpload[] = [];
      for (const file of files) {
        const content = await readBlob(file);
        const begun = await client.call(beginColorUpload, { body: { name: path.basename(file), size: content.size, hold: hold === true, source, date } });
        if (!context.print.isJson) context.print.note(`${begun.title}: upload ${begun.id}`);
        made.push(await send(context, client, { upload: begun, content }));
      }
      told(context, made);
    });
}

function resume() {
  return command('resume', {
    summary: 'Go on with an upload that broke off',
    examples: [['tidewheel color upload resume 019a… runs.xlsx', 'sends what is missing']],
  })
    .argument('<id>', 'of the upload')
    .argument('<file>', 'the same file')
    .action(async (id, file, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const content = await readBlob(file);
      const upload = await client.call(showColorUpload, { params: { id } });
      if (upload.size !== content.size)
        throw new Conflict('input.other_file', `${file} has ${content.size} bytes, but the upload was begun with ${upload.size}`, {
          hint: 'Give the same file, or begin anew with `upload add`.',
        });
      told(context, [await send(context, client, { upload, content })]);
    });
}

async function send(context: Context, client: Client, { upload, content }: { upload: ColorUpload; content: Blob }): Promise<ColorUpload> {
  let now = upload;
  while (now.state === 'receiving') {
    const offset = now.received;
    const body = content.slice(offset, offset + chunkBytes);
    now = await client.call(sendColorUpload, { params: { id: now.id }, query: { offset }, body }, { signal: context.interrupted });
  }
  return now;
}

/** @throws CommandFailed when one of them could not be read */
function told({ print }: Context, uploads: ColorUpload[]): void {
  print.result(uploads, () => {
    print.table(columns, uploads);
    for (const upload of uploads) for (const line of linesAbout(upload)) print.note(`${upload.title}: ${line}`);
  });
  if (uploads.some(({ state }) => state === 'failed')) throw new CommandFailed(exitCodes.failed);
}

function linesAbout(upload: ColorUpload): string[] {
  return [
    ...(upload.error ? [`${upload.error.message} ${upload.error.hint ?? ''}`.trim()] : []),
    ...(upload.state === 'held' && upload.sameAs ? [`the same content came before. Read it all the same: tidewheel color upload read ${upload.id}`] : []),
    ...upload.notes,
    ...upload.refusals.slice(0, 5).map(({ line, why }) => `line ${line} refused: ${why}`),
  ];
}

function paste() {
  return command('paste', {
    summary: 'Put text into the buffer: rows of a spreadsheet, or lines of a dealer run',
    examples: [
      ["echo 'XYZ 4.5 27  98-1 / 98-5  5x5' | tidewheel color upload paste -", 'one line'],
      ['tidewheel color upload paste run.txt --dry-run', 'only what would be read'],
    ],
  })
    .argument('<file>', 'text; - for stdin')
    .option('--title <text>', 'how it is listed')
    .option('--source <name>', 'by whose columns it is read')
    .option('--date <day>', 'for which day rows are that say none; today when omitted')
    .option('--dry-run', 'show what would be read, and keep nothing')
    .action(async (file, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { title, source, date } = options;
      const text = await readText(file);
      if (options.dryRun === true) return seen(context, await client.call(previewPaste, { body: { text, source, date } }));
      told(context, [await client.call(pasteColors, { body: { text, title, source, date } })]);
    });
}

function list() {
  return command('list', { summary: 'List what was uploaded', examples: [['tidewheel color upload list', 'newest first']] })
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (page) => client.call(listColorUploads, { query: page }));
      printListing(context.print, listing, { columns, empty: 'No uploads. Add one with `tidewheel color upload add <file>`.' });
    });
}

function show() {
  return command('show', { summary: 'Show an upload: how far it is, what was refused and why', examples: [['tidewheel color upload show 019a…', 'by its id']] })
    .argument('<id>', 'of the upload')
    .action(async (id, options) => {
      const context = contextOf(options);
      const upload = await (await context.client()).call(showColorUpload, { params: { id } });
      context.print.result(upload, () => {
        context.print.table(columns, [upload]);
        context.print.line(`${size(upload.received)} of ${size(upload.size)}; ${upload.waiting} rows wait in the buffer.`);
        for (const line of linesAbout({ ...upload, refusals: [] })) context.print.line(line);
        for (const { line, why, text } of upload.refusals) context.print.line(`line ${line}: ${why}  ${text}`);
      });
    });
}

function preview() {
  return command('preview', {
    summary: 'Show what would be read of an upload',
    examples: [['tidewheel color upload preview 019a… --source axes', 'by the columns of a source']],
  })
    .argument('<id>', 'of the upload')
    .option('--source <name>', 'by whose columns')
    .action(async (id, options) => {
      const context = contextOf(options);
      seen(context, await (await context.client()).call(previewColorUpload, { params: { id }, body: { source: options.source } }));
    });
}

function seen({ print }: Context, preview: ColorPreview): void {
  print.result(preview, () => {
    print.table(
      [
        { title: 'Line', value: (row) => String(row.line), align: 'right' },
        { title: 'Bond', value: (row) => row.color.cusip ?? row.color.isin ?? row.color.ticker ?? '' },
        { title: 'Dealer', value: (row) => row.color.dealer ?? '', optional: true },
        { title: 'Bias', value: (row) => row.color.bias ?? '' },
        { title: 'PX', value: (row) => String(row.color.px ?? ''), align: 'right' },
        { title: 'Spread', value: (row) => String(row.color.spread ?? ''), align: 'right' },
        { title: 'Size', value: (row) => String(row.color.size ?? ''), align: 'right' },
        {
          title: 'Doubts',
          value: (row) =>
            Object.entries(row.doubts)
              .map(([field, { confidence }]) => `${field} ${Math.round(confidence * 100)}%`)
              .join(', '),
        },
      ],
      preview.rows.slice(0, 50),
    );
    print.note(
      `${preview.read} colors, ${preview.doubtful} doubtful; ${preview.refused} rows refused.${preview.source === null ? '' : ` Columns of ${preview.source}.`}`,
    );
    for (const note of preview.notes) print.note(note);
  });
}

function read() {
  return command('read', {
    summary: 'Read an upload into the buffer that is held or failed, or anew',
    examples: [['tidewheel color upload read 019a… --source axes', 'by other columns']],
  })
    .argument('<id>', 'of the upload')
    .option('--source <name>', 'by whose columns')
    .action(async (id, options) => {
      const context = contextOf(options);
      told(context, [await (await context.client()).call(readColorUpload, { params: { id }, body: { source: options.source } })]);
    });
}

function withdraw() {
  return command('withdraw', {
    summary: 'Take an upload back: its rows leave the buffer',
    examples: [['tidewheel color upload withdraw 019a…', 'while none of them is processed']],
  })
    .argument('<id>', 'of the upload')
    .action(async (id, options) => {
      const context = contextOf(options);
      const upload = await (await context.client()).call(withdrawColorUpload, { params: { id } });
      context.print.result(upload, () => context.print.line(`${upload.title} is withdrawn.`));
    });
}

function download() {
  return command('download', { summary: 'Download what was uploaded, as it came', examples: [['tidewheel color upload download 019a…', 'under its name']] })
    .argument('<id>', 'of the upload')
    .option('-o, --output <path>', 'file to write to; - for stdout')
    .option('--force', 'replace an existing file')
    .action(async (id, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const overwrite = options.force === true;
      const response = await client.download(downloadColorUpload, { params: { id } }, { signal: context.interrupted });
      const target = options.output ?? fileNameOf(response, id);
      await refuseExisting(target, overwrite);
      const saved = await saveDownload({ response, target, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
      if (target !== '-') context.print.result(saved, () => context.print.line(`${saved.path}  ${size(saved.size)}  sha256 ${saved.sha256} verified`));
    });
}

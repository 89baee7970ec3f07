// A workbook that the desk uploaded says with its header row which columns its sheet has: in which order, how wide, in which format.
import { colorFields } from '@tidewheel/contract/color';
import { fieldOfHeader, plainHeader } from '@tidewheel/contract/color-headers';
import { type ColorSheetColumn, columnTitle, placeColumns } from '@tidewheel/contract/color-sheet';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { StepContext } from '@tidewheel/kit/step-context';
import { readXlsx, type Sheet } from 'hucre/xlsx';

/** A header row needs little; what is packed more tightly than this is no template. */
const mostBytes = 512 * 1024;
const searchedRows = 20;
const mostColumns = 200;

/** @throws InvalidInput saying what the workbook lacks, NotFound */
export async function templateColumns(ctx: Pick<StepContext, 'files'>, slug: string): Promise<ColorSheetColumn[]> {
  const file = await ctx.files.uploaded(slug);
  const refuse = (why: string, hint: string) => new InvalidInput('color.template', `The template ${slug} (${file.name}) ${why}.`, { hint });
  if (file.size > mostBytes)
    throw refuse(`has ${Math.ceil(file.size / 1024)} kB; a template has at most ${mostBytes / 1024}`, 'Leave the rows out: its header row is all that counts.');
  const chunks: Uint8Array[] = [];
  for await (const chunk of ctx.files.read(file)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (bytes.length > 8 && bytes.readUInt32BE(0) === 0xd0cf11e0)
    throw refuse('is protected by a password, or an old .xls', 'Save it as .xlsx without a password.');
  const sheet = await firstSheet(bytes).catch((cause: unknown) => {
    throw refuse(`is no workbook that can be read: ${cause instanceof Error ? cause.message : String(cause)}`, 'Save it as .xlsx in Excel.');
  });
  if (!sheet) throw refuse('has no sheet that can be seen', 'Put the header row into a sheet that is not hidden.');
  return headerColumns(sheet, refuse);
}

async function firstSheet(bytes: Uint8Array): Promise<Sheet | undefined> {
  const { sheets } = await readXlsx(bytes, { readStyles: true, maxRows: searchedRows + 1, sheets: ({ hidden, veryHidden }) => !hidden && !veryHidden });
  return sheets[0];
}

function headerColumns({ rows, columns = [], cells }: Sheet, refuse: (why: string, hint: string) => InvalidInput): ColorSheetColumn[] {
  const at = rows.slice(0, searchedRows).findIndex((row) => row.filter((cell) => columnOf(cell) !== undefined && !isFree(cell)).length >= 2);
  if (at < 0)
    throw refuse(
      'has no header row: none of its first 20 rows names two columns of a color',
      `Headers are ${Object.values(colorFields)
        .map(({ title }) => title)
        .join(', ')}, or what people call them.`,
    );
  const found: ColorSheetColumn[] = [];
  for (const [index, cell] of (rows[at] ?? []).entries()) {
    const column = columnOf(cell);
    if (column === undefined) continue;
    const header = String(cell).trim();
    if (found.some((other) => other.column === column))
      throw refuse(`names ${columnTitle(column)} twice (the second time as “${header}”)`, 'Each column may stand in the sheet once.');
    const width = columns[index]?.width;
    const format = (cells?.get(`${at + 1},${index}`)?.style ?? columns[index]?.style)?.numFmt ?? columns[index]?.numFmt;
    found.push({
      column,
      header,
      ...(width === undefined ? {} : { width: Math.min(255, Math.max(1, width)) }),
      ...(format === undefined || format === 'General' ? {} : { format }),
    });
  }
  if (found.length > mostColumns) throw refuse(`has ${found.length} columns; ${mostColumns} are allowed`, 'Take some out.');
  return found;
}

function isFree(cell: unknown): boolean {
  return columnOf(cell)?.startsWith('more.') === true;
}

/** Of a header that no field is called: the free column of that name. */
function columnOf(cell: unknown): string | undefined {
  if (typeof cell !== 'string' || cell.trim() === '') return undefined;
  const place = Object.keys(placeColumns).find((name) => plainHeader(cell) === name || plainHeader(cell) === plainHeader(columnTitle(name)));
  return place ?? exactField(cell) ?? fieldOfHeader(cell) ?? `more.${cell.trim().slice(0, 200)}`;
}

/** Level is the level type here, though people call prices so. */
function exactField(cell: string): string | undefined {
  return Object.entries(colorFields).find(([name, { title }]) => plainHeader(cell) === plainHeader(title) || plainHeader(cell) === plainHeader(name))?.[0];
}

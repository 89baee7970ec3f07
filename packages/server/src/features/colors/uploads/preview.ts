// What would be read of a content: its tables with their columns and the first colors. Nothing of it is kept.
import type { ColorPreview } from '@tidewheel/contract/routes/color-uploads';
import { type LookedAt, readColors } from '../columns/read-colors.ts';
import type { ReadColor } from '../columns/row-colors.ts';
import { checkedColor } from './fill-buffer.ts';
import type { OpenContent, Reading } from './incoming-content.ts';

const shownRows = 100;
const lookedRows = 5_000;
const sampleCount = 3;

interface Previewed {
  open: OpenContent;
  reading: Reading;
  date: string;
  /** With what is known of bonds that a line names by words alone. */
  match: (rows: ReadColor[]) => Promise<ReadColor[]>;
}

export async function previewContent({ open, reading, date, match }: Previewed): Promise<ColorPreview> {
  const file = await open();
  const tables: ColorPreview['tables'] = [];
  const source = reading.source?.slug ?? null;
  const colors: ReadColor[] = [];
  const preview: Omit<ColorPreview, 'notes'> = { kind: file.kind, tables, source, rows: [], read: 0, doubtful: 0, refused: 0, refusals: [], isPart: false };
  for await (const row of readColors(file, { columns: reading.columns, source, date }, (table) => void tables.push(shownTable(table)))) {
    const read = 'color' in row ? checkedColor(row.color) : row.refused;
    if ('color' in read) {
      colors.push(read);
    } else {
      preview.refused += 1;
      if (preview.refusals.length < shownRows) preview.refusals.push(read);
    }
    preview.isPart = colors.length + preview.refused >= lookedRows;
    if (preview.isPart) break;
  }
  const known = await match(colors);
  const doubtful = known.filter(({ doubts }) => Object.keys(doubts).length > 0).length;
  return { ...preview, rows: known.slice(0, shownRows), read: known.length, doubtful, notes: file.notes.texts() };
}

function shownTable({ sheet, header, samples, columns }: LookedAt): ColorPreview['tables'][number] {
  const headers = header.headers.map((name, at) => {
    const texts = samples.map(({ cells }) => cells[at]?.text ?? '').filter((text) => text !== '');
    return { header: name, samples: [...new Set(texts)].slice(0, sampleCount).map((text) => text.slice(0, 100)) };
  });
  return { sheet, headerLine: header.line, headers, columns };
}

// What would be read of a content: its tables with their columns and the first colors. Nothing of it is kept.
import type { ColorPreview } from '@tidewheel/contract/routes/color-uploads';
import { type LookedAt, readColors } from '../columns/read-colors.ts';
import { checkedColor } from './fill-buffer.ts';
import type { OpenContent, Reading } from './incoming-content.ts';

const shownRows = 100;
const lookedRows = 5_000;
const sampleCount = 3;

export async function previewContent({ open, reading, date }: { open: OpenContent; reading: Reading; date: string }): Promise<ColorPreview> {
  const file = await open();
  const tables: ColorPreview['tables'] = [];
  const source = reading.source?.slug ?? null;
  const preview: Omit<ColorPreview, 'notes'> = { kind: file.kind, tables, source, rows: [], read: 0, doubtful: 0, refused: 0, refusals: [], isPart: false };
  for await (const row of readColors(file, { columns: reading.columns, source, date }, (table) => void tables.push(shownTable(table)))) {
    const read = 'color' in row ? checkedColor(row.color) : row.refused;
    if ('color' in read) {
      preview.read += 1;
      if (Object.keys(read.doubts).length > 0) preview.doubtful += 1;
      if (preview.rows.length < shownRows) preview.rows.push(read);
    } else {
      preview.refused += 1;
      if (preview.refusals.length < shownRows) preview.refusals.push(read);
    }
    preview.isPart = preview.read + preview.refused >= lookedRows;
    if (preview.isPart) break;
  }
  return { ...preview, notes: file.notes.texts() };
}

function shownTable({ sheet, header, samples, columns }: LookedAt): ColorPreview['tables'][number] {
  const headers = header.headers.map((name, at) => {
    const texts = samples.map(({ cells }) => cells[at]?.text ?? '').filter((text) => text !== '');
    return { header: name, samples: [...new Set(texts)].slice(0, sampleCount).map((text) => text.slice(0, 100)) };
  });
  return { sheet, headerLine: header.line, headers, columns };
}

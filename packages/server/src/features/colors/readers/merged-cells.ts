import { type Cell, nothing } from './incoming.ts';
import { attribute, type Element } from './xml-scan.ts';

export interface Merges {
  count: number;
  /** The cells of that line, with what the merged areas over it hold. Lines come in order. */
  fill(line: number, cells: Cell[]): Cell[];
}

interface Area {
  top: number;
  bottom: number;
  left: number;
}
const mostAreas = 200_000;

/** Only the first column of an area is filled downwards: what is merged sideways is a title. */
export async function mergedAreas(found: AsyncIterable<Element>): Promise<Merges> {
  const areas: Area[] = [];
  for await (const { attributes } of found) {
    const area = areaOf(attribute(attributes, 'ref') ?? '');
    if (area && areas.length < mostAreas) areas.push(area);
  }
  const downwards = areas.filter(({ top, bottom }) => bottom > top).sort((one, other) => one.top - other.top);
  let next = 0;
  let open: { area: Area; cell: Cell }[] = [];
  return {
    count: areas.length,
    fill(line, cells) {
      open = open.filter(({ area }) => area.bottom >= line);
      for (const { area, cell } of open) put(cells, area.left, cell);
      for (; next < downwards.length && (downwards[next] as Area).top <= line; next++) {
        const area = downwards[next] as Area;
        if (area.top === line) open.push({ area, cell: cells[area.left] ?? nothing });
      }
      return cells;
    },
  };
}

function put(cells: Cell[], column: number, cell: Cell): void {
  if (cell.text === '') return;
  while (cells.length <= column) cells.push(nothing);
  if (cells[column]?.text === '') cells[column] = cell;
}

function areaOf(reference: string): Area | undefined {
  const form = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})$/.exec(reference);
  if (!form) return undefined;
  const left = [...(form[1] ?? '')].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return left < 1_000 ? { left, top: Number(form[2]), bottom: Number(form[3]) } : undefined;
}

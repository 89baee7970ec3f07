// The XML of one worksheet, row by row (ECMA-376 part 1, 18.3): rows may have a colour of their own, and levels under which Excel folds them.
import { type ExcelValue, looksLikeFormula, textXml } from './cell-values.ts';
import { attribute, type CellLook, type Styles } from './styles.ts';

/** Excel's own limits. */
export const mostRows = 1_048_576;
export const mostColumns = 16_384;

export interface SheetColumn {
  header: string;
  /** In characters. */
  width: number;
  look: CellLook;
}

export interface SheetRow {
  cells: ExcelValue[];
  /** Colour of the whole row, `RRGGBB`. */
  fill?: string | undefined;
  bold?: boolean | undefined;
  /** 1 to 7: the row lies below the nearest one above it with a smaller level, and folds away under it. */
  level?: number | undefined;
  /** Folded away when the workbook is opened. */
  isHidden?: boolean | undefined;
}

export interface SheetPlan {
  /** See `sheetName`. */
  name: string;
  columns: readonly SheetColumn[];
  /** A line above the header. */
  title?: string | undefined;
  freezesHeader: boolean;
  hasFilter: boolean;
  /** Rows of it fold. */
  hasLevels: boolean;
}

export function columnLetters(index: number): string {
  let letters = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

/** Writes one sheet; how many rows it takes is known at its end. */
export class SheetWriter {
  readonly #plan: SheetPlan;
  readonly #styles: Styles;
  readonly #letters: string[];
  readonly #known = new Map<string, Map<number, number>>();
  #row = 0;
  #headerRow = 0;

  constructor(plan: SheetPlan, styles: Styles) {
    this.#plan = plan;
    this.#styles = styles;
    this.#letters = plan.columns.map((_, index) => columnLetters(index));
  }

  get isFull(): boolean {
    return this.#row >= mostRows;
  }

  opening(): string {
    const { columns, title, freezesHeader, hasLevels } = this.#plan;
    const head = title === undefined ? 1 : 2;
    const pane = freezesHeader ? `<pane ySplit="${head}" topLeftCell="A${head + 1}" activePane="bottomLeft" state="frozen"/>` : '';
    // Parents stand above what is below them.
    const levels = hasLevels ? '<sheetPr><outlinePr summaryBelow="0"/></sheetPr>' : '';
    const cols = columns.map(({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`).join('');
    const open = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${levels}`;
    const view = `<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"${hasLevels ? ' outlineLevelRow="7"' : ''}/>`;
    return `${open}${view}<cols>${cols}</cols><sheetData>${this.#titleAndHeader()}`;
  }

  row({ cells, fill, bold, level, isHidden }: SheetRow): string {
    const number = ++this.#row;
    let xml = `<row r="${number}"${level ? ` outlineLevel="${level}"` : ''}${isHidden ? ' hidden="1"' : ''}>`;
    for (let index = 0; index < cells.length; index++) xml += this.#cell(cells[index] as ExcelValue, { number, index, fill, bold });
    return `${xml}</row>`;
  }

  closing(): string {
    const { columns, title, hasFilter } = this.#plan;
    const last = this.#letters.at(-1);
    const filter = hasFilter ? `<autoFilter ref="A${this.#headerRow}:${last}${Math.max(this.#row, this.#headerRow)}"/>` : '';
    const merged = title !== undefined && columns.length > 1 ? `<mergeCells count="1"><mergeCell ref="A1:${last}1"/></mergeCells>` : '';
    return `</sheetData>${filter}${merged}<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>`;
  }

  /** Of the filter, as the workbook has to name it. */
  filterRange(): string | undefined {
    return this.#plan.hasFilter ? `$A$${this.#headerRow}:$${this.#letters.at(-1)}$${Math.max(this.#row, this.#headerRow)}` : undefined;
  }

  /** A table has millions of cells and a few looks: each is looked up by three numbers. */
  #style({
    index,
    isText,
    isPlainText,
    fill,
    bold,
  }: {
    index: number;
    isText: boolean;
    isPlainText: boolean;
    fill: string | undefined;
    bold: boolean;
  }): number {
    const kind = `${fill ?? ''}${bold ? '!' : ''}`;
    const known = this.#known.get(kind) ?? new Map<number, number>();
    this.#known.set(kind, known);
    const key = index * 4 + (isText ? 2 : 0) + (isPlainText ? 1 : 0);
    const found = known.get(key);
    if (found !== undefined) return found;
    const { look } = this.#plan.columns[index] as SheetColumn;
    // A text in a column of numbers or dates is text for good.
    const format = isText ? '@' : look.format;
    const style = this.#styles.of({ ...look, format, isPlainText: isPlainText || undefined, fill: fill ?? look.fill, bold: bold || look.bold });
    known.set(key, style);
    return style;
  }

  #titleAndHeader(): string {
    const { columns, title } = this.#plan;
    const asText = (text: string, look: CellLook, reference: string) =>
      `<c r="${reference}" s="${this.#styles.of({ ...look, isPlainText: looksLikeFormula(text) || undefined })}" t="inlineStr"><is><t xml:space="preserve">${textXml(text, () => reference)}</t></is></c>`;
    let xml = '';
    if (title !== undefined) xml += `<row r="${++this.#row}" ht="21" customHeight="1">${asText(title, { bold: true, size: 14 }, 'A1')}</row>`;
    this.#headerRow = ++this.#row;
    const head: CellLook = { bold: true, fill: 'E6EEF0' };
    const cells = columns.map(({ header }, index) => asText(header, head, `${this.#letters[index]}${this.#headerRow}`));
    return `${xml}<row r="${this.#headerRow}">${cells.join('')}</row>`;
  }

  #cell(value: ExcelValue, { number, index, fill, bold }: { number: number; index: number; fill: string | undefined; bold: boolean | undefined }): string {
    if (value.kind === 'empty' && fill === undefined) return '';
    const isText = value.kind === 'text';
    const style = this.#style({ index, isText, isPlainText: isText && looksLikeFormula(value.text), fill, bold: bold === true });
    const open = `<c r="${this.#letters[index]}${number}"${style === 0 ? '' : ` s="${style}"`}`;
    if (value.kind === 'empty') return `${open}/>`;
    if (value.kind === 'number') return `${open}><v>${value.text}</v></c>`;
    if (value.kind === 'bool') return `${open} t="b"><v>${value.is ? 1 : 0}</v></c>`;
    return `${open} t="inlineStr"><is><t xml:space="preserve">${textXml(value.text, () => `Row ${number}, column ${this.#plan.columns[index]?.header},`)}</t></is></c>`;
  }
}

/** A name that Excel takes, unlike any of those taken. */
export function sheetName(wanted: string, taken: ReadonlySet<string>): string {
  const plain =
    wanted
      .toWellFormed()
      .replace(/[\\/?*[\]:]|\p{Cc}/gu, ' ')
      .replace(/^'+|'+$/g, '')
      .trim()
      .slice(0, 31) || 'Sheet';
  const name = /^history$/i.test(plain) ? `${plain}_` : plain;
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? '' : ` (${number})`;
    const candidate = `${name.slice(0, 31 - end.length)}${end}`;
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}

export function quotedSheet(name: string): string {
  return attribute(`'${name.replaceAll("'", "''")}'`);
}

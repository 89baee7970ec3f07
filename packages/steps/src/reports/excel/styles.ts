// The looks of a workbook's cells, each kept once (ECMA-376 part 1, 18.8): cells name them by number.
export interface CellLook {
  /** As Excel writes it: `#,##0.00`, `yyyy-mm-dd`, `@`. */
  format?: string | undefined;
  /** `RRGGBB` */
  fill?: string | undefined;
  /** `RRGGBB` */
  color?: string | undefined;
  bold?: boolean | undefined;
  wrap?: boolean | undefined;
  size?: number | undefined;
  /** It is text whatever it looks like, also after somebody edits it: `=1+1` stays what it is. */
  isPlainText?: boolean | undefined;
}

/** Own formats begin here; those below are Excel's. */
const firstFormat = 164;

export class Styles {
  readonly #looks = new Map<string, number>([['{}', 0]]);
  readonly #formats = new Map<string, number>();
  /** The first two are prescribed. */
  readonly #fills = new Map<string, number>([
    ['<fill><patternFill patternType="none"/></fill>', 0],
    ['<fill><patternFill patternType="gray125"/></fill>', 1],
  ]);
  readonly #fonts = new Map<string, number>([[fontXml({}), 0]]);
  readonly #xfs: string[] = ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'];

  /** The number of a look. */
  of(look: CellLook): number {
    const key = JSON.stringify(look, ['bold', 'color', 'fill', 'format', 'isPlainText', 'size', 'wrap']);
    const known = this.#looks.get(key);
    if (known !== undefined) return known;
    const number = this.#xfs.push(this.#xf(look)) - 1;
    this.#looks.set(key, number);
    return number;
  }

  #xf(look: CellLook): string {
    const format = look.format === undefined ? 0 : numbered(this.#formats, look.format, firstFormat);
    const fill =
      look.fill === undefined
        ? 0
        : numbered(this.#fills, `<fill><patternFill patternType="solid"><fgColor rgb="FF${look.fill}"/><bgColor indexed="64"/></patternFill></fill>`, 0);
    const font = numbered(this.#fonts, fontXml(look), 0);
    const applied = `${format ? ' applyNumberFormat="1"' : ''}${fill ? ' applyFill="1"' : ''}${font ? ' applyFont="1"' : ''}${look.isPlainText ? ' quotePrefix="1"' : ''}`;
    const open = `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0"${applied}`;
    return look.wrap ? `${open} applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` : `${open}/>`;
  }

  xml(): string {
    const formats = [...this.#formats].map(([code, id]) => `<numFmt numFmtId="${id}" formatCode="${attribute(code)}"/>`);
    const list = (name: string, items: Iterable<string>) => {
      const all = [...items];
      return `<${name} count="${all.length}">${all.join('')}</${name}>`;
    };
    return [
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
      formats.length > 0 ? list('numFmts', formats) : '',
      list('fonts', this.#fonts.keys()),
      list('fills', this.#fills.keys()),
      '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
      list('cellXfs', this.#xfs),
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    ].join('');
  }
}

function numbered(known: Map<string, number>, key: string, first: number): number {
  const found = known.get(key) ?? first + known.size;
  known.set(key, found);
  return found;
}

function fontXml({ bold, color, size = 11 }: CellLook): string {
  return `<font>${bold ? '<b/>' : ''}<sz val="${size}"/>${color ? `<color rgb="FF${color}"/>` : ''}<name val="Calibri"/><family val="2"/></font>`;
}

export function attribute(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char);
}

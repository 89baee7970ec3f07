// A workbook as a stream of bytes: sheets of any length, never more than a batch of rows in memory; equal rows and an equal clock give equal bytes.
// hucre, which reads them in tests, writes streams of one sheet without colours, filters and levels only; so the XML is ours.
import { quotedSheet, type SheetPlan, type SheetRow, SheetWriter, sheetName } from './sheet.ts';
import { attribute, Styles } from './styles.ts';
import { type ZipPart, zipStream } from './zip-stream.ts';

export interface WorkbookSheet extends SheetPlan {
  rows: AsyncIterable<SheetRow[]>;
}

export interface WorkbookOptions {
  sheets: readonly WorkbookSheet[];
  title: string;
  /** The frozen clock of the run. */
  createdAt: Date;
}

/** Of XML handed on at once. */
const chunkCharacters = 128 * 1024;

interface WrittenSheet {
  name: string;
  filter: string | undefined;
}

/** A sheet that is full goes on in another one of its name, with the same header. */
export function writeWorkbook({ sheets, title, createdAt }: WorkbookOptions): AsyncGenerator<Uint8Array> {
  const styles = new Styles();
  const written: WrittenSheet[] = [];
  const taken = new Set<string>();
  async function* parts(): AsyncGenerator<ZipPart> {
    for (const sheet of sheets) yield* sheetParts(sheet);
    yield { name: 'xl/styles.xml', content: [styles.xml()] };
    yield { name: 'xl/workbook.xml', content: [workbookXml(written)] };
    yield { name: 'xl/_rels/workbook.xml.rels', content: [workbookRels(written.length)] };
    yield { name: 'docProps/core.xml', content: [coreXml({ title, createdAt })] };
    yield { name: '_rels/.rels', content: [rootRels] };
    yield { name: '[Content_Types].xml', content: [contentTypes(written.length)] };
  }
  async function* sheetParts(sheet: WorkbookSheet): AsyncGenerator<ZipPart> {
    const left = new RowQueue(sheet.rows);
    do {
      const name = sheetName(sheet.name, taken);
      taken.add(name.toLowerCase());
      const writer = new SheetWriter(sheet, styles);
      yield { name: `xl/worksheets/sheet${written.length + 1}.xml`, content: sheetXml(writer, left) };
      written.push({ name, filter: writer.filterRange() });
    } while (await left.hasMore());
  }
  return zipStream(parts());
}

async function* sheetXml(writer: SheetWriter, left: RowQueue): AsyncGenerator<string> {
  yield writer.opening();
  while (!writer.isFull && (await left.hasMore())) {
    let xml = '';
    for (let row = left.next(); row !== undefined; row = writer.isFull ? undefined : left.next()) {
      xml += writer.row(row);
      if (xml.length < chunkCharacters) continue;
      yield xml;
      xml = '';
    }
    yield xml;
  }
  yield writer.closing();
}

/** Rows one by one, a batch of them in memory. */
class RowQueue {
  readonly #source: AsyncIterator<SheetRow[]>;
  #batch: SheetRow[] = [];
  #at = 0;

  constructor(rows: AsyncIterable<SheetRow[]>) {
    this.#source = rows[Symbol.asyncIterator]();
  }

  async hasMore(): Promise<boolean> {
    while (this.#at >= this.#batch.length) {
      const next = await this.#source.next();
      if (next.done) return false;
      this.#batch = next.value;
      this.#at = 0;
    }
    return true;
  }

  /** undefined: ask `hasMore`. */
  next(): SheetRow | undefined {
    return this.#batch[this.#at++] ?? this.#none();
  }

  #none(): undefined {
    this.#at = this.#batch.length;
    return undefined;
  }
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

function workbookXml(sheets: readonly WrittenSheet[]): string {
  const list = sheets.map(({ name }, index) => `<sheet name="${attribute(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join('');
  const filters = sheets
    .map(({ name, filter }, index) =>
      filter ? `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${quotedSheet(name)}!${filter}</definedName>` : '',
    )
    .join('');
  const names = filters === '' ? '' : `<definedNames>${filters}</definedNames>`;
  return `${declaration}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><bookViews><workbookView/></bookViews><sheets>${list}</sheets>${names}</workbook>`;
}

function workbookRels(sheets: number): string {
  const list = Array.from(
    { length: sheets },
    (_, index) => `<Relationship Id="rId${index + 1}" Type="${office}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  const styles = `<Relationship Id="rId${sheets + 1}" Type="${office}/styles" Target="styles.xml"/>`;
  return `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join('')}${styles}</Relationships>`;
}

const rootRels = `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`;

function contentTypes(sheets: number): string {
  const list = Array.from({ length: sheets }, (_, index) => `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${types}.worksheet+xml"/>`);
  const others = [
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>',
    `<Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/>`,
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>',
  ];
  return `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${others.join('')}${list.join('')}</Types>`;
}

function coreXml({ title, createdAt }: { title: string; createdAt: Date }): string {
  const at = `${createdAt.toISOString().slice(0, 19)}Z`;
  const names =
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const dates = ['created', 'modified'].map((name) => `<dcterms:${name} xsi:type="dcterms:W3CDTF">${at}</dcterms:${name}>`).join('');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  const plain = attribute(title.toWellFormed().replace(/[\u0000-\u001f\ufffe\uffff]/g, ' '));
  return `${declaration}<cp:coreProperties ${names}><dc:title>${plain}</dc:title><dc:creator>Tidewheel</dc:creator>${dates}</cp:coreProperties>`;
}

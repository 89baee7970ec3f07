// Both validators on the same files: they must say the same, and neither may be led outside.

import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstRecordLine } from './business-envelope.ts';
import { iso20022Report } from './iso20022.step.ts';
import { esmaSchemas, hasEsmaSchemas } from './testing/esma-schemas.ts';
import { shareTrade } from './testing/trade-rows.ts';
import { validateWithWasm } from './validate-wasm.ts';
import { validateWithXmllint } from './validate-xmllint.ts';

let folder: string;
const signal = new AbortController().signal;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-validators-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Lays out schemas under their namespaces and returns the driver. */
async function lay(name: string, schemas: Record<string, string | Uint8Array>): Promise<{ folder: string; driver: string }> {
  const into = path.join(folder, name);
  await mkdir(into, { recursive: true });
  const imports: string[] = [];
  for (const [file, content] of Object.entries(schemas)) {
    await writeFile(path.join(into, file), content);
    const namespace = /targetNamespace="([^"]*)"/.exec(String(Buffer.from(content)))?.[1];
    imports.push(`<xs:import namespace="${namespace}" schemaLocation="${file}"/>`);
  }
  const driver = path.join(into, '.driver.xsd');
  await writeFile(driver, `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${imports.join('')}</xs:schema>`);
  return { folder: into, driver };
}
/** False where libxml2-utils is missing: then only the WebAssembly validator is compared with what is expected. */
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;
async function both(laid: { folder: string; driver: string }, report: string) {
  const wasm = await validateWithWasm({ ...laid, report, firstRecordLine, signal });
  if (!hasXmllint) return [wasm, wasm];
  return [await validateWithXmllint({ driver: laid.driver, report, signal }), wasm];
}

describe.skipIf(!hasEsmaSchemas)('against the ESMA schemas (TIDEWHEEL_SHARED)', () => {
  const laid = () => lay('esma', Object.fromEntries(Object.values(esmaSchemas()).map((file) => [file.name, file.content])));

  test('6,001 records with three faulty ones: the same lines, elements and number, across chunks of the file', async () => {
    const bad = new Map<number, Record<string, unknown>>([
      [0, { venue_mic: 'bad' }],
      [2_500, { buyer_id: 'lower' }],
      [6_000, { transaction_reference: 'with space', instrument_isin: 'X' }],
    ]);
    const rows = Array.from({ length: 6_001 }, (_, i) => shareTrade(i, bad.get(i)));
    await using outcome = await runStep(iso20022Report, { preset: 'mifir_rts22', sender: 'A', receiver: 'FR' }, { inputs: { input: { rows } } });
    const report = path.join(folder, 'report.xml');
    await writeFile(report, outcome.result.files?.[0] ? await outcome.content(outcome.result.files[0]) : '');
    const [xmllint, wasm] = await both(await laid(), report);
    expect(xmllint?.faults.map(({ line, element }) => [line, element])).toEqual([
      [5, 'TradVn'],
      [2_505, 'Id'],
      [6_005, 'TxId'],
      [6_005, 'Id'],
    ]);
    expect({ ...wasm, by: '' }).toEqual({ ...xmllint, by: '' });
  });

  test('text that is no XML is a fault with its line, not a crash', async () => {
    const report = path.join(folder, 'broken.xml');
    await writeFile(report, '<?xml version="1.0"?>\n<BizData xmlns="urn:iso:std:iso:20022:tech:xsd:head.003.001.01">\n<Hdr>\n<Pyld>\n<Tx>\n');
    for (const outcome of await both(await laid(), report)) expect(outcome?.total).toBeGreaterThan(0);
  });
});

test('a schema that does not compile is said to be the fault', async () => {
  const laid = await lay('broken', {
    'a.xsd': '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"><xs:element name="a" type="missing"/></xs:schema>',
  });
  const report = path.join(folder, 'a.xml');
  await writeFile(report, '<a xmlns="urn:a"/>\n');
  if (hasXmllint) await expect(validateWithXmllint({ driver: laid.driver, report, signal })).rejects.toMatchObject({ code: 'report.schema', status: 400 });
  await expect(validateWithWasm({ ...laid, report, firstRecordLine, signal })).rejects.toMatchObject({ code: 'report.schema', status: 400 });
});

test.skipIf(!hasXmllint)('xmllint is there (libxml2-utils), and a machine without it is told apart from a faulty file', async () => {
  const laid = await lay('plain', {
    'a.xsd': '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"><xs:element name="a"/></xs:schema>',
  });
  const report = path.join(folder, 'plain.xml');
  await writeFile(report, '<a xmlns="urn:a"/>\n');
  expect(await validateWithXmllint({ driver: laid.driver, report, signal })).toMatchObject({ by: 'xmllint', total: 0 });
  const before = process.env.PATH;
  process.env.PATH = folder;
  try {
    expect(await validateWithXmllint({ driver: laid.driver, report, signal })).toBeNull();
  } finally {
    process.env.PATH = before;
  }
});

test.skipIf(!hasXmllint)('schemas that take for ever end at the limits, with what to do', async () => {
  const leaf = Array.from({ length: 60 }, (_, i) => `<xs:element name="e${i}" minOccurs="0"/>`).join('');
  const repeated = ['sequence', 'choice'].map((kind) => [`<xs:${kind} minOccurs="0" maxOccurs="unbounded">`, `</xs:${kind}>`] as const);
  let groups = leaf;
  for (let depth = 0; depth < 4; depth++) groups = repeated.map(([open, close]) => open + groups + close).join('');
  const laid = await lay('endless', {
    'a.xsd': `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"><xs:element name="a"><xs:complexType><xs:sequence>${groups}</xs:sequence></xs:complexType></xs:element></xs:schema>`,
  });
  const report = path.join(folder, 'endless.xml');
  await writeFile(report, '<a xmlns="urn:a"/>\n');
  const checked = validateWithXmllint({ driver: laid.driver, report, signal, limits: { memoryMb: 1_024, cpuSeconds: 1 } });
  await expect(checked).rejects.toMatchObject({ code: 'report.schema_limit', status: 413 });
});

describe('uploaded schemas are not trusted', () => {
  const schema = (inner: string, before = '') => ({
    name: 'a.xsd',
    content: `<?xml version="1.0"?>${before}<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:iso:std:iso:20022:tech:xsd:auth.016.001.01">${inner}</xs:schema>`,
  });
  const attempt = (file: { name: string; content: string }) =>
    runStep(
      iso20022Report,
      { preset: 'mifir_rts22', sender: 'A', receiver: 'FR', schemas: ['a'] },
      { inputs: { input: { rows: [shareTrade(1)] } }, uploads: { a: file } },
    );

  test.each([
    ['a file of the machine', schema('<xs:include schemaLocation="/etc/passwd"/>'), /refers to "\/etc\/passwd"/],
    ['a parent folder', schema('<xs:redefine schemaLocation="../x.xsd"/>'), /refers to "..\/x.xsd"/],
    ['another base', schema('<xs:annotation xml:base="file:///etc/"/>'), /uses xml:base/],
    ['an entity', schema('', '<!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), /document type declaration/],
    ['no schema', { name: 'a.xsd', content: '<html/>' }, /is no XML schema: its root is <html>/],
    ['no XML', { name: 'a.xsd', content: 'PK\u0003\u0004' }, /is not well-formed XML/],
    ['no namespace', { name: 'a.xsd', content: '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>' }, /no usable targetNamespace/],
    ['an odd name', { ...schema(''), name: '../a.xsd' }, /has a name that is not/],
  ])('%s', async (_what, file, message) => {
    await expect(attempt(file)).rejects.toMatchObject({ code: 'report.schema', status: 400, message: expect.stringMatching(message) });
  });

  test('a schema on the network is never fetched', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const laid = await lay('network', {
      'a.xsd': `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"><xs:import namespace="urn:b" schemaLocation="http://127.0.0.1:${port}/b.xsd"/><xs:element name="a"/></xs:schema>`,
    });
    const report = path.join(folder, 'n.xml');
    await writeFile(report, '<a xmlns="urn:a"/>\n');
    await validateWithXmllint({ driver: laid.driver, report, signal }).catch(() => undefined);
    await validateWithWasm({ ...laid, report, firstRecordLine, signal }).catch(() => undefined);
    server.close();
    expect(asked).toBe(0);
  });
});

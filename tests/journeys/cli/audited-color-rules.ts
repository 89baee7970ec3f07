// What a person does with the rules of the desk: writes, tries, orders and takes back.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { Product } from '../bad-input/product.ts';

const rule = 'kind: exclude\ntitle: Cheap\ncondition: { any: [{ field: px, operator: less, value: 20 }, { field: ticker, operator: is, value: JUNK }] }\n';

export async function doColorRules({ shell }: Pick<Product, 'shell'>): Promise<void> {
  const tidewheel = async (...line: string[]) => {
    const result = await shell.tidewheel(['color', 'rule', ...line]);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    return result.stdout;
  };
  const file = path.join(shell.folder, 'rule.yaml');
  await writeFile(file, rule);
  expect(await tidewheel('test', file)).toContain('It fits 0 of');
  const { id } = JSON.parse(await tidewheel('create', file, '--json'));
  await writeFile(file, rule.replace('Cheap', 'Junk'));
  expect(await tidewheel('update', id, file)).toContain('"Junk" is changed');
  const copy = JSON.parse(await tidewheel('duplicate', id, '--json'));
  expect(await tidewheel('move', copy.id, '1')).toContain('number 1');
  await tidewheel('activate', copy.id);
  await tidewheel('deactivate', copy.id);
  expect(await tidewheel('list')).toContain('px is less than 20 or ticker equals JUNK');
  expect(await tidewheel('play', file, '--days', '2')).toContain('rows of');
  await tidewheel('archive', copy.id);
  await tidewheel('restore', copy.id);
  expect(await tidewheel('show', copy.id)).toContain('active: false');
  expect(await tidewheel('order', '--px', 'asc')).toContain('px asc');
  const changes = JSON.parse((await shell.tidewheel(['change', 'list', '--module', 'color-rules', '--json'])).stdout);
  expect(changes[0]).toMatchObject({ action: 'color_desk.changed' });
  expect(await shell.tidewheel(['change', 'revert', changes[0].id])).toMatchObject({ code: 0 });
  expect(await tidewheel('order')).toContain('px desc');
  const sheet = path.join(shell.folder, 'sheet.yaml');
  await writeFile(sheet, 'columns: [{ column: cusip }, { column: px, header: Price }]\n');
  expect((await shell.tidewheel(['color', 'sheet', 'apply', sheet])).stdout).toContain('CUSIP, Price');
  const [changed] = JSON.parse((await shell.tidewheel(['change', 'list', '--module', 'color-sheet', '--json'])).stdout);
  expect(await shell.tidewheel(['change', 'revert', changed.id])).toMatchObject({ code: 0 });
  expect((await shell.tidewheel(['color', 'sheet', 'show'])).stdout).toContain('column: isin');
}

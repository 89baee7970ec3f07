// What a person does at the color desk before anything is processed: sources, uploads, pastes, and the colors that wait.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { Product } from '../bad-input/product.ts';

const columns = 'title: Morning\ncolumns:\n  fields: { cusip: Bond, px: Quote }\n  fixed: { dealer: ALDR }\n';

export async function doColors({ shell }: Pick<Product, 'shell'>): Promise<void> {
  const tidewheel = async (...line: string[]) => {
    const result = await shell.tidewheel(['color', ...line]);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    return result.stdout;
  };
  const file = (name: string) => path.join(shell.folder, name);
  await writeFile(file('columns.yaml'), columns);
  await writeFile(file('morning.csv'), 'Bond;Quote;Note\n37833100;98-5;a\n037833100;98-6;b\n;;total\n');
  expect(await tidewheel('source', 'apply', 'morning', file('columns.yaml'))).toContain('version 1');
  await writeFile(file('columns.yaml'), columns.replace('ALDR', 'BRCH'));
  expect(await tidewheel('source', 'apply', 'morning', file('columns.yaml'))).toContain('version 2');
  const [upload] = JSON.parse(await tidewheel('upload', 'add', file('morning.csv'), '--json'));
  expect(upload).toMatchObject({ state: 'ready', source: 'morning', rows: 2, doubtful: 1, refused: 1 });
  const [again] = JSON.parse(await tidewheel('upload', 'add', file('morning.csv'), '--json'));
  expect(again).toMatchObject({ state: 'held', sameAs: upload.id });
  await tidewheel('upload', 'withdraw', again.id);
  expect(await tidewheel('buffer', 'summary')).toContain('2 free (1 doubtful');
  expect(await tidewheel('buffer', 'repair', 'cusip')).toContain('1 repaired');
  const [row] = JSON.parse(await tidewheel('buffer', 'list', '--json'));
  expect(await tidewheel('buffer', 'set', row.id, 'px=99-16+', 'bias=offer')).toContain('99.515625');
  expect(await tidewheel('buffer', 'remove', '--id', row.id)).toContain('1 taken out');
  expect(await tidewheel('buffer', 'restore', row.id)).toContain('1 put back');
  expect(await tidewheel('upload', 'download', upload.id, '--output', file('as-it-came.csv'))).toContain('verified');
  await tidewheel('source', 'archive', 'morning');
  const changes = JSON.parse((await shell.tidewheel(['change', 'list', '--module', 'color-columns', '--json'])).stdout);
  expect(changes[0]).toMatchObject({ action: 'color_source.archived' });
  expect(await shell.tidewheel(['change', 'revert', changes[0].id])).toMatchObject({ code: 0 });
  expect(await tidewheel('source', 'show', 'morning')).toContain('BRCH');
}

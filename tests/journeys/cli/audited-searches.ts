// What a person keeps of what he looks for at the color desk, and takes out of it as a file.
import path from 'node:path';
import { expect } from 'vitest';
import type { Product } from '../bad-input/product.ts';

export async function doColorSearches({ shell }: Pick<Product, 'shell'>): Promise<void> {
  const tidewheel = async (...line: string[]) => {
    const result = await shell.tidewheel(['color', ...line]);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    return result.stdout;
  };
  const saved = JSON.parse(await tidewheel('saved', 'add', 'Cheap energy', 'acme', '--sector', 'Energy', '--px-to', '90', '--shared', '--json'));
  expect(saved).toMatchObject({ search: { text: 'acme', sector: 'Energy', pxTo: 90 }, shared: true, alert: false, mine: true });
  await tidewheel('saved', 'change', saved.id, '--alert', 'on');
  expect(await tidewheel('saved', 'list')).toContain('Cheap energy');
  await tidewheel('search', 'acme', '--px-to', '90');
  expect(await tidewheel('recent', 'list')).toContain('pxTo=90');
  expect(await tidewheel('recent', 'forget')).toContain('1 forgotten');
  await tidewheel('export', 'acme', '--format', 'csv', '--output', path.join(shell.folder, 'acme.csv'));
  await tidewheel('saved', 'remove', saved.id);
  expect(JSON.parse(await tidewheel('choices', '--json'))).toHaveProperty('sectors');
  await tidewheel('processing', 'list', '--limit', '1');
  expect(await tidewheel('security', 'find', 'nobody')).toBe('');
  expect(await shell.tidewheel(['color', 'security', 'show', 'nobody'])).toMatchObject({ stderr: expect.stringContaining('ever processed') });
}

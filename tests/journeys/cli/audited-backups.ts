// A backup of the workspace by hand: made, checked, compared, and brought back after something was lost.
import path from 'node:path';
import { expect } from 'vitest';
import type { Product } from '../bad-input/product.ts';

export async function doBackups({ shell }: Pick<Product, 'shell'>): Promise<void> {
  const file = path.join(shell.folder, 'desk.tidewheel-backup');
  const done = async (...words: string[]) => {
    const answer = await shell.tidewheel(['backup', ...words]);
    expect(answer).toMatchObject({ code: 0 });
    return answer.stdout;
  };
  await done('create', '--output', file);
  expect(await done('verify', file)).toContain('Whole.');
  await done('diff', file);
  expect(await shell.tidewheel(['backup', 'restore', file])).toMatchObject({ code: 2 });
  expect(await done('restore', file, '--yes')).toContain('Nothing differs.');
}

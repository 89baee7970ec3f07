// What a person does in a session: takes rows, changes and shares them, undoes, and has them processed exactly once.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { Product } from '../bad-input/product.ts';

const flow = `flow: session-sheet
title: Sheet of a session
kind: color
steps:
  take: { use: color.take }
  rank: { use: color.rank, from: take }
  keep: { use: color.keep, from: rank }
`;

export async function doColorSessions({ shell }: Pick<Product, 'shell'>): Promise<void> {
  const run = async (...line: string[]) => {
    const result = await shell.tidewheel(line);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    return result.stdout;
  };
  const tidewheel = (...line: string[]) => run('color', 'session', ...line);
  const file = (name: string) => path.join(shell.folder, name);
  await writeFile(file('session.csv'), 'CUSIP;PX;Rank\n037833100;98.5;1\n594918104;99;1\n037833100;97;2\n');
  await run('color', 'upload', 'add', file('session.csv'));
  const { id } = JSON.parse(await tidewheel('start', '--title', 'By hand', '--json'));
  const listed = async () => JSON.parse(await tidewheel('rows', id, '--json')).rows as { id: string; cusip: string; px: number; position: number | null }[];
  const last = (await listed()).find(({ px }) => px === 97);
  expect(await tidewheel('change', id, 'cells', '--row', last?.id ?? '', '--set', 'px=99-16+')).toContain('1 rows changed');
  await tidewheel('change', id, 'color', '--search', '0378', '--color', 'green');
  await writeFile(file('block.yaml'), `${last?.id}: { dealer: ALDR, size: 5 }\n`);
  expect(await tidewheel('change', id, 'block', '--values', file('block.yaml'))).toContain('1 rows changed');
  expect(await tidewheel('why', id, last?.id ?? '')).toContain('block, by');
  await tidewheel('undo', id, '--entry', '3', '--and-later');
  await tidewheel('undo', id);
  await tidewheel('redo', id);
  await tidewheel('rank', id);
  expect(await tidewheel('entries', id)).toContain('redo of');
  expect(await tidewheel('update', id, '--shared', 'edit')).toContain('shared edit');
  const changes = JSON.parse(await run('change', 'list', '--module', 'color-sessions', '--json'));
  expect(changes[0]).toMatchObject({ action: 'color_session.updated' });
  await run('change', 'revert', changes[0].id);
  expect(await tidewheel('who', id)).toContain('Nobody else');
  await writeFile(file('session-sheet.yaml'), flow);
  await run('flow', 'apply', file('session-sheet.yaml'));
  expect(await run('color', 'settings', 'set', '--flow', 'session-sheet')).toContain('by session-sheet');
  const [chosen] = JSON.parse(await run('change', 'list', '--module', 'color-sessions', '--json'));
  expect(chosen).toMatchObject({ action: 'color_desk.flow_chosen' });
  await run('change', 'revert', chosen.id);
  expect(await run('color', 'settings', 'show')).toContain('by the flow that is named');
  const runs = await Promise.all([1, 2].map(async () => JSON.parse(await tidewheel('process', id, '--flow', 'session-sheet', '--json')).run.id));
  expect(new Set(runs).size).toBe(1);
  await expect.poll(async () => JSON.parse(await tidewheel('show', id, '--json')).state, { timeout: 90_000, interval: 500 }).toBe('processed');
  const { processing } = JSON.parse(await tidewheel('show', id, '--json'));
  expect(await run('color', 'processing', 'show', String(processing))).toContain('manual');
  await writeFile(file('more.csv'), 'CUSIP;PX\n17275R102;91.25\n');
  await run('color', 'upload', 'add', file('more.csv'));
  const other = JSON.parse(await tidewheel('start', '--json'));
  expect(await tidewheel('discard', other.id)).toContain('free again');
  expect(await tidewheel('list')).toContain('By hand');
}

// Backups by hand: one made encrypted, listed, proven, taken out, deleted, brought again, compared and restored; and a step that makes one and keeps the newest.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { Product } from '../bad-input/product.ts';

const flow = `flow: nightly-backup
title: A backup every night
steps:
  backup: { use: backup.workspace, with: { scope: desk, keep: 1 } }
`;

export async function doBackups({ shell }: Pick<Product, 'shell'>): Promise<void> {
  const file = path.join(shell.folder, 'desk.tidewheel-backup');
  const kept = path.join(shell.folder, 'passphrase.txt');
  const secret = `@${kept}`;
  const document = path.join(shell.folder, 'nightly-backup.yaml');
  await writeFile(kept, 'correct horse battery\n');
  await writeFile(document, flow);
  const answered = async (words: string[]) => {
    const answer = await shell.tidewheel(words);
    expect(answer).toMatchObject({ code: 0 });
    return answer;
  };
  const done = async (...words: string[]) => (await answered(['backup', ...words])).stdout;
  const made = (await answered(['backup', 'create', '--scope', 'desk', '--passphrase', secret, '--output', file, '--json'])).json<{ number: number }>();
  await done('verify', String(made.number), '--passphrase', secret);
  expect(await done('verify', String(made.number))).toContain('SHA-256');
  await done('remove', String(made.number));
  const brought = String((await answered(['backup', 'upload', file, '--json'])).json<{ number: number }>().number);
  await done('show', brought);
  await done('diff', brought, '--passphrase', secret);
  await done('diff', brought, '--passphrase', secret, '--kind', 'color_rule');
  expect(await shell.tidewheel(['backup', 'restore', brought])).toMatchObject({ code: 2 });
  expect(await done('restore', brought, '--yes', '--passphrase', secret)).toContain('What was there before is backup');
  await done('download', brought, '--output', `${file}.again`);
  await answered(['flow', 'apply', document]);
  for (const _ of [1, 2]) await answered(['run', 'start', 'nightly-backup', '--watch']);
  const listed = (await answered(['backup', 'list', '--json'])).json<{ origin: string }[]>();
  expect(listed.filter(({ origin }) => origin === 'flow')).toHaveLength(1);
}

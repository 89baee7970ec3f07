import { open } from 'node:fs/promises';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { IncomingFile } from './incoming.ts';
import { openTextFile } from './text-file.ts';
import { openWorkbook } from './workbook.ts';

/** What a file is, told by its first bytes and never by its name. @throws InvalidInput, TooLarge */
export async function openIncoming(file: string): Promise<IncomingFile> {
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
  if (bytesRead === 0) throw new InvalidInput('color.file_empty', 'The file is empty.', { hint: 'Save it again and upload that.' });
  const first = buffer.subarray(0, bytesRead).toString('hex');
  if (first.startsWith('504b0304') || first.startsWith('d0cf11e0')) return openWorkbook(file);
  if (first.startsWith('504b')) throw new InvalidInput('color.file_kind', 'The file is an empty archive.', { hint: 'Give .xlsx, .csv or .txt.' });
  return openTextFile(file);
}

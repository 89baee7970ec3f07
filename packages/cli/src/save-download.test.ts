import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fileNameOf, safeFileName, saveDownload } from './save-download.ts';

const helloHash = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

async function save(response: Response, options: { overwrite?: boolean; existing?: string } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-save-'));
  const target = path.join(folder, 'out.txt');
  if (options.existing !== undefined) await writeFile(target, options.existing);
  const result = await saveDownload({ response, target, overwrite: options.overwrite ?? false, signal: new AbortController().signal, isQuiet: true }).catch(
    (thrown: unknown) => thrown,
  );
  return { result, files: await readdir(folder), text: await readFile(target, 'utf8').catch(() => null) };
}

test('a whole file with its checksum is put in place', async () => {
  const { result, files, text } = await save(new Response('hello', { headers: { etag: `"${helloHash}"` } }));
  expect(result).toMatchObject({ size: 5, sha256: helloHash });
  expect({ files, text }).toEqual({ files: ['out.txt'], text: 'hello' });
});

test('another content than promised leaves nothing behind', async () => {
  const { result, files } = await save(new Response('hellO', { headers: { etag: `"${helloHash}"` } }));
  expect(result).toMatchObject({ code: 'download.checksum', message: expect.stringContaining(helloHash) });
  expect(files).toEqual([]);
});

test('a download that breaks off leaves nothing behind and keeps what was there', async () => {
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('hel'));
      controller.error(new TypeError('terminated'));
    },
  });
  const { result, files, text } = await save(new Response(broken), { overwrite: true, existing: 'before' });
  expect(result).toMatchObject({ code: 'download.broken', retryable: true });
  expect({ files, text }).toEqual({ files: ['out.txt'], text: 'before' });
});

test('a file that has come into being meanwhile is not replaced unasked', async () => {
  expect(await save(new Response('hello'), { existing: 'before' })).toMatchObject({ result: { code: 'download.exists', status: 409 }, text: 'before' });
  expect(await save(new Response('hello'), { existing: 'before', overwrite: true })).toMatchObject({ text: 'hello' });
});

test('a server cannot choose where the file goes', () => {
  expect(['../../etc/passwd', '..', '', 'a\\b\\c.csv', 'x\u0000y', 'fine.csv'].map((name) => safeFileName(name, 'id'))).toEqual([
    'passwd',
    'id',
    'id',
    'c.csv',
    'x y',
    'fine.csv',
  ]);
  expect(fileNameOf(new Response('', { headers: { 'content-disposition': 'attachment; filename="a.csv"; filename*=UTF-8\'\'b%20%C3%A9.csv' } }), 'id')).toBe(
    'b é.csv',
  );
  expect(fileNameOf(new Response('', { headers: { 'content-disposition': 'attachment; filename=plain.csv' } }), 'id')).toBe('plain.csv');
  expect(fileNameOf(new Response(''), 'id')).toBe('id');
});

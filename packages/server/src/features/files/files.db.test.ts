import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { permissions } from '@tidewheel/contract/route';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { createLocalStore } from '../../storage/objects/local-store.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { downloadFile, type FileDeps, listFiles, removeFile, type Upload, uploadFile, uploadLimitBytes } from './files.service.ts';
import { createUploadedFilePort } from './uploaded-file-port.ts';

let fresh: FreshDatabase;
let deps: FileDeps;
let admin: Actor;
let folder: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'tw-uploads-'));
  deps = { databases: fresh.databases, objects: await createLocalStore(folder) };
  admin = { userId: newId(), label: 'admin@example.com', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions) };
});
afterAll(async () => {
  await fresh?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}
const upload = (changes: Partial<Upload> = {}): Upload => ({
  slug: 'schema',
  name: 'auth.016.xsd',
  mediaType: 'application/xml',
  content: chunks('<xs:schema/>'),
  ...changes,
});
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
async function contentOf(slug: string): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync((await downloadFile(deps, admin, slug)).stream));
}

describe('uploaded files', () => {
  it('are stored, listed, downloaded and found by steps', async () => {
    const content = randomBytes(700_000);
    const made = await uploadFile(
      deps,
      admin,
      upload({ slug: 'big', name: 'Größe 100%.bin', mediaType: 'application/octet-stream', content: chunks(content.subarray(0, 10), content.subarray(10)) }),
    );
    expect(made).toMatchObject({ slug: 'big', size: content.length, sha256: sha256(content), createdBy: 'admin@example.com' });
    expect((await contentOf('big')).equals(content)).toBe(true);
    const { stream, ...facts } = await downloadFile(deps, admin, 'big');
    stream.destroy();
    expect(facts).toEqual({
      mediaType: 'application/octet-stream',
      fileName: 'Größe 100%.bin',
      size: content.length,
      sha256: sha256(content),
    });
    expect((await listFiles(deps, admin, { limit: 10, search: '100%' })).items).toEqual([made]);
    expect(await createUploadedFilePort(deps).find(fresh.workspaceId, 'big')).toEqual({
      kind: 'file',
      sha256: sha256(content),
      md5: createHash('md5').update(content).digest('hex'),
      size: content.length,
      name: 'Größe 100%.bin',
      mediaType: 'application/octet-stream',
    });
    const { rows } = await fresh.databases.enginePool.query('select size from object where sha256 = $1', [made.sha256]);
    expect(rows).toEqual([{ size: content.length }]);
  });

  it('are replaced under their slug, and the same content is no second object', async () => {
    const first = await uploadFile(deps, admin, upload());
    const second = await uploadFile(deps, admin, upload({ name: 'newer.xsd', content: chunks('<xs:newer/>') }));
    expect(second).toMatchObject({ id: first.id, name: 'newer.xsd' });
    await uploadFile(deps, admin, upload({ slug: 'copy', content: chunks('<xs:newer/>') }));
    expect((await contentOf('copy')).toString()).toBe('<xs:newer/>');
    expect(await deps.objects.has(fresh.workspaceId, first.sha256)).toBe(true);
  });

  it('are archived, and can be uploaded again', async () => {
    await uploadFile(deps, admin, upload({ slug: 'gone' }));
    const slugs = async () => (await createUploadedFilePort(deps).list(fresh.workspaceId)).map((file) => file.slug);
    expect(await slugs()).toEqual(expect.arrayContaining(['gone', 'schema']));
    await removeFile(deps, admin, 'gone');
    expect(await slugs()).not.toContain('gone');
    await expect(downloadFile(deps, admin, 'gone')).rejects.toMatchObject({ code: 'file.unknown' });
    await expect(removeFile(deps, admin, 'gone')).rejects.toMatchObject({ code: 'file.unknown' });
    await expect(createUploadedFilePort(deps).find(fresh.workspaceId, 'schemaa')).rejects.toMatchObject({ hint: 'Did you mean "schema"?' });
    await expect(createUploadedFilePort(deps).find(fresh.workspaceId, 'sch')).rejects.toMatchObject({ hint: 'Did you mean "schema"?' });
    await uploadFile(deps, admin, upload({ slug: 'gone' }));
    expect((await contentOf('gone')).toString()).toBe('<xs:schema/>');
  });

  it('refuse what is too large or breaks off, and keep nothing of it', async () => {
    const before = await readdir(path.join(folder, fresh.workspaceId));
    async function* endless() {
      const block = Buffer.alloc(1024 ** 2);
      for (let at = 0; at <= uploadLimitBytes; at += block.length) yield block;
    }
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('the client went away');
    }
    await expect(uploadFile(deps, admin, upload({ slug: 'huge', content: endless() }))).rejects.toMatchObject({ code: 'file.too_large', status: 413 });
    await expect(uploadFile(deps, admin, upload({ slug: 'half', content: broken() }))).rejects.toThrow('went away');
    await expect(downloadFile(deps, admin, 'half')).rejects.toMatchObject({ code: 'file.unknown' });
    expect(await readdir(path.join(folder, 'incoming'))).toEqual([]);
    expect(await readdir(path.join(folder, fresh.workspaceId))).toEqual(before);
  });

  it.each(['a/b', 'a\\b', '..', 'a\r\nset-cookie: x', 'a\0b', '\ud800'])('refuse the name %j', async (name) => {
    await expect(uploadFile(deps, admin, upload({ name }))).rejects.toMatchObject({ code: 'file.name' });
  });
  it.each(['text', 'text/', 'text/html\r\nx: y', '/'])('refuse the media type %j', async (mediaType) => {
    await expect(uploadFile(deps, admin, upload({ mediaType }))).rejects.toMatchObject({ code: 'file.media_type' });
  });

  it('break off the download of damaged content before its end', async () => {
    const content = randomBytes(900_000);
    const { sha256: hash } = await uploadFile(deps, admin, upload({ slug: 'rot', content: chunks(content) }));
    const file = await deps.objects.localPath(fresh.workspaceId, hash);
    await writeFile(file, Buffer.concat([content.subarray(0, -1), Buffer.from([(content.at(-1) ?? 0) ^ 1])]));
    await expect(contentOf('rot')).rejects.toMatchObject({ code: 'object.damaged' });
    await truncate(file, 100);
    await expect(contentOf('rot')).rejects.toMatchObject({ code: 'object.damaged' });
    await rm(file);
    await expect(contentOf('rot')).rejects.toMatchObject({ code: 'object.missing' });
  });

  it('need the permission for every verb, and stay in their workspace', async () => {
    const reader: Actor = { ...admin, permissions: new Set(['file.read']) };
    const nobody: Actor = { ...admin, permissions: new Set() };
    const works = [
      () => uploadFile(deps, reader, upload()),
      () => removeFile(deps, reader, 'schema'),
      () => listFiles(deps, nobody, { limit: 1 }),
      () => downloadFile(deps, nobody, 'schema'),
    ];
    for (const work of works) await expect(work()).rejects.toMatchObject({ code: 'permission.missing' });
    const workspaceId = newId();
    await fresh.databases.engine.insertInto('workspace').values({ id: workspaceId, slug: 'other', title: 'Other' }).execute();
    expect((await listFiles(deps, { ...admin, workspaceId }, { limit: 10 })).items).toEqual([]);
    expect(await createUploadedFilePort(deps).list(workspaceId)).toEqual([]);
    await expect(downloadFile(deps, { ...admin, workspaceId }, 'schema')).rejects.toMatchObject({ code: 'file.unknown' });
  });
});

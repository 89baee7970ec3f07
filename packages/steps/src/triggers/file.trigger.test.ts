import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TriggerItem } from '@tidewheel/kit/define-trigger';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { closeIdleConnections } from '../ssh/ssh-pool.ts';
import { sshdMissing, startSshd } from '../testing/sshd.ts';
import { fileTrigger } from './file.trigger.ts';
import { judgeFiles } from './file-looks.ts';
import { TriggerBed } from './testing/trigger-context.ts';

const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));
async function folder(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'tw-files-'));
  made.push(root);
  return root;
}
const inFolder = (root: string, config: object = {}) =>
  new TriggerBed(fileTrigger, {
    config: { connection: 'inbox', stableSeconds: 0, existing: 'fires', ...config },
    connection: { type: 'folder', config: { root, readOnly: false }, secret: null },
  });
const titles = (look: { findings: { title: string }[] }) => look.findings.map(({ title }) => title);

describe('the files of a folder', () => {
  it('in folders below too, and never hidden ones, links or what lies outside', async () => {
    const root = await folder();
    await mkdir(path.join(root, 'a/b'), { recursive: true });
    for (const name of ['1.csv', 'a/2.csv', 'a/b/3.csv', 'a/.4.csv', 'a/5.txt']) await writeFile(path.join(root, name), name);
    expect(titles(await inFolder(root, { pattern: '*.csv' }).look())).toEqual(['1.csv']);
    expect(titles(await inFolder(root, { pattern: '*.csv', deep: true }).look())).toEqual(['1.csv', 'a/2.csv', 'a/b/3.csv']);
    expect(titles(await inFolder(root, { pattern: 'b/*.csv', path: 'a', deep: true }).look())).toEqual(['a/b/3.csv']);
    await expect(inFolder(root, { path: '../etc' }).look()).rejects.toMatchObject({ status: 400 });
    await expect(inFolder(root, { path: '1.csv' }).look()).rejects.toMatchObject({ code: 'file.kind' });
  });

  it('twenty thousand of them are looked at, and fire in turns', async () => {
    const root = await folder();
    for (let at = 0; at < 20_000; at += 500) await Promise.all(Array.from({ length: 500 }, (_, n) => writeFile(path.join(root, `${at + n}.csv`), '')));
    const old = inFolder(root, { existing: 'ignored' });
    expect((await old.look()).findings).toEqual([]);
    await writeFile(path.join(root, 'new.csv'), '');
    expect(titles(await old.look())).toEqual(['new.csv']);
    const all = inFolder(root);
    const first = await all.look();
    expect([first.findings.length, first.more]).toEqual([200, true]);
    expect(new Set([...titles(first), ...titles(await all.look())]).size).toBe(400);
    expect(await readdir(root)).toHaveLength(20_001);
  });

  it('one that is still written waits', async () => {
    const root = await folder();
    const watched = inFolder(root, { stableSeconds: 1 });
    await writeFile(path.join(root, 'x.csv'), 'half');
    expect((await watched.look()).waiting).toMatchObject([{ title: 'x.csv', why: 'it was seen, or changed, just now' }]);
    await appendFile(path.join(root, 'x.csv'), ' and half');
    expect((await watched.look()).waiting).toMatchObject([{ why: 'it was seen, or changed, just now' }]);
    await expect.poll(async () => titles(await watched.look()), { interval: 200 }).toEqual(['x.csv']);
    expect((await watched.look()).findings).toEqual([]);
  });
});

it.skipIf(sshdMissing !== undefined)(`the files of an SFTP server${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`, async () => {
  await using sshd = await startSshd();
  await writeFile(path.join(sshd.user.home, 'a.csv'), 'a,b\n');
  await writeFile(path.join(sshd.user.home, 'a.txt'), '');
  const watched = new TriggerBed(fileTrigger, {
    config: { connection: 'broker', path: sshd.user.home, pattern: '*.csv', stableSeconds: 0, existing: 'fires', byContent: true },
    connection: { type: 'sftp', config: sshd.config(), secret: { password: sshd.user.password } },
  });
  expect((await watched.look()).findings).toMatchObject([
    { event: { file: { name: 'a.csv', path: `${sshd.user.home}/a.csv`, size: 4, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } } },
  ]);
  await writeFile(path.join(sshd.user.home, 'b.csv'), 'a,b\n');
  expect((await watched.look()).findings).toEqual([]);
  closeIdleConnections();
});

describe('whatever comes, changes and goes', () => {
  const start = new Date('2026-11-20T18:00:00Z');
  const turn = fc.record({ seconds: fc.integer({ min: 1, max: 20 }), files: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 3 })) });
  it('each version fires at most once, and only after it was the same for the whole time', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 40 }), fc.integer({ min: 0, max: 15 }), (turns, stableSeconds) => {
        const known = new Map<string, TriggerItem>();
        const fired = new Map<string, string>();
        let now = start;
        const since = new Map<string, { size: number; at: Date }>();
        for (const { seconds, files: sizes } of turns) {
          now = new Date(now.getTime() + seconds * 1000);
          const files = Object.entries(sizes).map(([name, size]) => ({ path: name, size, modifiedAt: start }));
          const judged = judgeFiles({ files, known, now, rules: { stableSeconds, sameName: 'fires' }, takesAsOld: false });
          for (const name of since.keys()) if (!(name in sizes)) since.delete(name);
          for (const [name, size] of Object.entries(sizes)) if (since.get(name)?.size !== size) since.set(name, { size, at: now });
          for (const file of judged.ready) {
            const still = (now.getTime() - (since.get(file.path)?.at ?? now).getTime()) / 1000;
            // One that went and came back as it was may have been seen before: then it is no new version.
            if (!fired.has(`${file.path} ${file.size}`) && known.get(file.path)?.since.getTime() === since.get(file.path)?.at.getTime())
              expect(still).toBeGreaterThanOrEqual(stableSeconds);
            fired.set(`${file.path} ${file.size}`, now.toISOString());
            known.set(file.path, { key: file.path, version: `${file.size} ${start.toISOString()}`, since: now, done: true });
          }
          for (const item of judged.items) if (!judged.ready.some(({ path: ready }) => ready === item.key)) known.set(item.key, item);
          const again = judgeFiles({ files, known, now, rules: { stableSeconds, sameName: 'fires' }, takesAsOld: false });
          expect(again.ready.filter((file) => judged.ready.includes(file))).toEqual([]);
        }
      }),
    );
  });
});

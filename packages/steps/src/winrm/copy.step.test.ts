import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { winrmCopy } from './copy.step.ts';
import { startWinrm, type TestWinrm, winrmServerMissing } from './testing/winrm-server.ts';

const note = winrmServerMissing ? ` (skipped: ${winrmServerMissing})` : '';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(winrmServerMissing !== undefined)(`winrm.copy${note}`, () => {
  let server: TestWinrm;
  const content = randomBytes(3_000_001);
  beforeAll(async () => {
    server = await startWinrm();
  });
  afterAll(async () => server[Symbol.asyncDispose]());
  const inputs = (bytes: Uint8Array = content, name = 'data.bin') => ({ make: { files: [{ name, content: bytes }] } });
  const targets = () => ({ 'win-1': server.target() });
  const left = () => readdirSync(server.folder).filter((name) => name.endsWith('.part'));

  it('brings a file over and back, whole, and leaves nothing beside it', async () => {
    await using there = await runStep(winrmCopy, { target: 'win-1', path: `${server.folder}/in's/` }, { targets: targets(), inputs: inputs() });
    expect(there.result.value).toMatchObject({
      target: 'win-1',
      files: [{ path: `${server.folder}/in's/data.bin`, sha256: sha256(content), alreadyThere: false }],
    });
    expect(readFileSync(`${server.folder}/in's/data.bin`).equals(content)).toBe(true);
    expect(left()).toEqual([]);
    expect(there.progress.at(-1)).toEqual({ bytes: content.length, total: content.length });
    await using back = await runStep(winrmCopy, { target: 'win-1', direction: 'from', path: `${server.folder}/in's/data.bin` }, { targets: targets() });
    expect(back.result.files?.[0]).toMatchObject({ name: 'data.bin', sha256: sha256(content) });
  });

  it('leaves the same content alone, replaces another, or refuses to', async () => {
    const config = { target: 'win-1', path: `${server.folder}/kept.txt` };
    await using first = await runStep(winrmCopy, config, { targets: targets(), inputs: inputs(Buffer.from('one')) });
    expect(first.result.value).toMatchObject({ files: [{ alreadyThere: false }] });
    await using same = await runStep(winrmCopy, config, { targets: targets(), inputs: inputs(Buffer.from('one')) });
    expect(same.result.value).toMatchObject({ files: [{ alreadyThere: true }] });
    await expect(runStep(winrmCopy, { ...config, overwrite: 'refuse' }, { targets: targets(), inputs: inputs(Buffer.from('two')) })).rejects.toMatchObject({
      code: 'winrm.exists',
    });
    await using _other = await runStep(winrmCopy, config, { targets: targets(), inputs: inputs(Buffer.alloc(0)) });
    expect(readFileSync(`${server.folder}/kept.txt`, 'utf8')).toBe('');
    await expect(runStep(winrmCopy, { ...config, path: server.folder }, { targets: targets(), inputs: inputs() })).rejects.toMatchObject({
      code: 'winrm.folder_there',
    });
  });

  it('goes on where an earlier attempt stopped, and not where something else lies', async () => {
    const file = `${server.folder}/resumed.bin`;
    const key = createHash('sha256')
      .update(`harness:winrm.copy\0${sha256(content)}`)
      .digest('hex')
      .slice(0, 16);
    const part = path.join(server.folder, `.resumed.bin.${key}.part`);
    await writeFile(part, content.subarray(0, 1_000_000));
    const config = { target: 'win-1', path: file };
    await using done = await runStep(winrmCopy, config, { targets: targets(), inputs: inputs() });
    expect(done.result.value).toMatchObject({ files: [{ resumedAt: 1_000_000 }] });
    expect(readFileSync(file).equals(content)).toBe(true);
    await writeFile(file, 'other');
    await writeFile(part, 'something else');
    await using anew = await runStep(winrmCopy, config, { targets: targets(), inputs: inputs() });
    expect(anew.result.value).toMatchObject({ files: [{ resumedAt: 0 }] });
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('notices damage on the way, in either direction, and a file that is not there', async () => {
    await using bad = await startWinrm({ damageStored: true, damageFetched: true });
    const there = { 'win-1': bad.target() };
    await expect(
      runStep(winrmCopy, { target: 'win-1', path: `${bad.folder}/a.bin` }, { targets: there, inputs: inputs(Buffer.from('abc')) }),
    ).rejects.toMatchObject({
      code: 'winrm.damaged',
      retryable: true,
    });
    expect(readdirSync(bad.folder)).toEqual([]);
    await writeFile(`${bad.folder}/b.bin`, 'b');
    await expect(runStep(winrmCopy, { target: 'win-1', direction: 'from', path: `${bad.folder}/b.bin` }, { targets: there })).rejects.toMatchObject({
      code: 'winrm.damaged',
    });
    await expect(runStep(winrmCopy, { target: 'win-1', direction: 'from', path: 'C:/none' }, { targets: there })).rejects.toMatchObject({
      code: 'winrm.no_file',
    });
  });

  it('says in a dry run what it would copy where', async () => {
    const before = server.did().filter((one) => one.op === 'Create').length;
    await using done = await runStep(winrmCopy, { target: 'win-1', path: 'C:\\in\\' }, { targets: targets(), inputs: inputs(), isDry: true });
    expect(done.logs[0]?.text).toContain('would copy data.bin (3000001 bytes) to C:\\in\\data.bin on win-1 (http://127.0.0.1:');
    expect(server.did().filter((one) => one.op === 'Create')).toHaveLength(before);
  });
});

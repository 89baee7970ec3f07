// That the test server speaks the real protocol is shown by a client that is not ours: Debian's pywinrm, with the same sealing.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startWinrm, winrmServerMissing } from './testing/winrm-server.ts';

const missing = winrmServerMissing ?? (existsSync('/usr/lib/python3/dist-packages/winrm') ? undefined : 'python3-winrm is not installed');

describe.skipIf(missing !== undefined)(`the test server and another client${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it.each([
    ['ntlm', 'always', true],
    ['basic', 'never', false],
  ] as const)('understand each other by %s', async (transport, encryption, isSealed) => {
    await using server = await startWinrm({ auth: ['Negotiate', 'Basic'], allowUnencrypted: true });
    // Its NTLM takes MD4 from OpenSSL, which has it in the legacy provider only.
    const conf = path.join(server.folder, 'openssl.cnf');
    await writeFile(conf, 'openssl_conf = i\n[i]\nproviders = p\n[p]\ndefault = a\nlegacy = a\n[a]\nactivate = 1\n');
    const user = transport === 'ntlm' ? `TIDE\\${server.user}` : server.user;
    const script = path.join(import.meta.dirname, 'testing/other-client.py');
    const args = [script, `http://127.0.0.1:${server.port}/wsman`, user, server.password, transport, encryption];
    const { stdout } = await promisify(execFile)('/usr/bin/python3', args, { env: { ...process.env, OPENSSL_CONF: conf }, timeout: 90_000 });
    expect(JSON.parse(stdout)).toEqual({ out: 'hello there\n', err: 'bad\n', code: 7 });
    expect(
      server
        .did()
        .filter((one) => 'sealed' in one)
        .every((one) => one.sealed === isSealed),
    ).toBe(true);
  });
});

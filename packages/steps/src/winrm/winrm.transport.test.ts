import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWinrm, type TestWinrm, winrmServerMissing } from './testing/winrm-server.ts';
import { winrmTransport } from './winrm.transport.ts';

const ctx = { signal: new AbortController().signal, log: () => {} };

describe.skipIf(winrmServerMissing !== undefined)(`the WinRM transport${winrmServerMissing ? ` (skipped: ${winrmServerMissing})` : ''}`, () => {
  let server: TestWinrm;
  beforeAll(async () => {
    server = await startWinrm();
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  it('signs in by NTLM over http with sealed messages', async () => {
    const result = await winrmTransport.test(server.target(), ctx);
    expect(result).toMatchObject({ ok: true });
    expect(result.checks.map((check) => check.name)).toEqual(['DNS', 'port', 'listener', 'sign-in', 'shell']);
    expect(server.did().filter((one) => 'sealed' in one && one.sealed === false)).toEqual([]);
  });
});

// Against MIT Kerberos, where the optional package is installed; see docs/winrm.md for what that proves.
import { runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadKerberos } from './kerberos-library.ts';
import { winrmRun } from './run.step.ts';
import { kerberosMissing, startKdc, type TestKdc } from './testing/kdc.ts';
import { startWinrm, type TestWinrm, winrmServerMissing } from './testing/winrm-server.ts';
import { winrmTransport } from './winrm.transport.ts';

const missing = winrmServerMissing ?? kerberosMissing;
const ctx = { signal: new AbortController().signal, log: () => {} };

// The package is no part of the installation, so which of these two there is depends on the machine; neither is a test that was left out.
const hasPackage = !kerberosMissing?.includes('npm');
if (!hasPackage)
  it('Kerberos without its package says what to install', async () => {
    await expect(loadKerberos()).rejects.toMatchObject({ code: 'winrm.kerberos_missing', retryable: false, hint: expect.stringContaining('npm install') });
  });

const domain = () => {
  let kdc: TestKdc;
  let server: TestWinrm;
  beforeAll(async () => {
    kdc = await startKdc();
    process.env.KRB5_CONFIG = kdc.environment.KRB5_CONFIG;
    server = await startWinrm({ tls: true, auth: ['Negotiate', 'Kerberos'], environment: kdc.environment });
  });
  afterAll(async () => {
    delete process.env.KRB5_CONFIG;
    await server[Symbol.asyncDispose]();
    await kdc[Symbol.asyncDispose]();
  });
  const target = (settings: Record<string, unknown> = {}, password = kdc.password) => ({
    ...server.target(
      { certificateAuthority: server.certificate, serverName: 'win.example', servicePrincipal: 'HTTP/localhost', ...settings },
      { fields: { user: kdc.user, domain: kdc.realm.toLowerCase(), auth: 'kerberos' }, secret: { password } },
    ),
    address: 'localhost',
  });

  it('signs in over https, and refuses where it could not cover the messages', async () => {
    const result = await winrmTransport.test(target(), ctx);
    expect(result.checks.filter((check) => !check.ok)).toEqual([]);
    expect(server.did()).toContainEqual({ user: `operator@${kdc.realm}`, mech: '1.2.840.113554.1.2.2' });
    expect((await winrmTransport.test(target({ scheme: 'http' }), ctx)).checks.at(-1)).toMatchObject({
      name: 'settings',
      detail: expect.stringContaining('readable messages'),
    });
    await using done = await runStep(winrmRun, { target: 'w', shell: 'cmd', script: 'cat', stdin: 'x'.repeat(90_000) }, { targets: { w: target() } });
    expect(done.result.value).toMatchObject({ stdoutBytes: 90_000 });
    expect(process.env.KRB5CCNAME).toBeUndefined();
  });

  it('says that the password is wrong, and that the domain does not know the host', async () => {
    expect((await winrmTransport.test(target({}, 'wrong password'), ctx)).checks.at(-1)).toMatchObject({
      name: 'sign-in',
      ok: false,
      detail: expect.stringContaining('refuses the user'),
    });
    expect((await winrmTransport.test(target({ servicePrincipal: 'HTTP/elsewhere' }), ctx)).checks.at(-1)).toMatchObject({
      name: 'sign-in',
      ok: false,
      detail: expect.stringContaining('does not know the service'),
    });
  });
};
if (hasPackage) describe.skipIf(missing !== undefined)(`Kerberos${missing ? ` (skipped: ${missing})` : ''}`, domain);

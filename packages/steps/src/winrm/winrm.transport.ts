// Windows hosts that are reached by WinRM: their settings, and a test that tells apart what is usually wrong.
import type { X509Certificate } from 'node:crypto';
import { toAppError } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { attempt, type Check, failed } from '@tidewheel/kit/connection-check';
import type { ConnectorTestContext } from '@tidewheel/kit/define-connector';
import { defineTransport, type OpenTarget } from '@tidewheel/kit/define-transport';
import { resolveAllowed } from '@tidewheel/kit/egress/egress';
import { pageDecoder } from './code-pages.ts';
import { connectFailure, placeOf } from './winrm-errors.ts';
import { WinrmSettings, type WinrmTarget, winrmOf } from './winrm-settings.ts';
import { WinrmShell } from './winrm-shell.ts';
import { WsmanChannel } from './wsman-channel.ts';
import { WsmanClient } from './wsman-client.ts';

export const winrmTransport = defineTransport({
  kind: 'winrm',
  title: 'WinRM',
  icon: 'brand-windows',
  description:
    'Runs PowerShell and cmd on Windows hosts and copies files to and from them, over https or sealed over http, signed in by NTLM, Kerberos, certificate or password (Basic).',
  os: ['windows'],
  settings: WinrmSettings,
  credentialTypes: ['winrm', 'password', 'certificate'],
  takesVia: false,
  test: testWinrm,
});

interface Test {
  target: WinrmTarget;
  ctx: ConnectorTestContext;
  checks: Check[];
  discovered: Record<string, unknown>;
}

async function testWinrm(opened: OpenTarget, ctx: ConnectorTestContext): Promise<TestResult> {
  const started = performance.now();
  const checks: Check[] = [];
  const discovered: Record<string, unknown> = {};
  try {
    await testAll({ target: winrmOf(opened), ctx, checks, discovered });
  } catch (thrown) {
    ctx.signal.throwIfAborted();
    checks.push(failed('settings', toAppError(thrown)));
  }
  return {
    ok: checks.every((check) => check.ok),
    ms: Math.round(performance.now() - started),
    checks,
    ...(Object.keys(discovered).length > 0 ? { discovered } : {}),
  };
}

async function testAll(test: Test): Promise<void> {
  const { target, ctx, checks } = test;
  checks.push(await attempt('DNS', () => resolveName(target, ctx.signal), ctx.signal));
  if (!checks.at(-1)?.ok) return;
  const channel = await connect(test);
  if (!channel) return;
  const client = new WsmanClient({ target });
  try {
    checks.push(await attempt('listener', async () => offered(await channel.offers(ctx.signal)), ctx.signal));
    if (!checks.at(-1)?.ok) return;
    checks.push(await attempt('sign-in', () => signIn(test, channel), ctx.signal));
    if (!checks.at(-1)?.ok) return;
    client.adopt(channel);
    checks.push(await attempt('shell', () => askShell(test, client), ctx.signal));
  } finally {
    client.close();
    channel.close();
  }
}

/** The port and TLS: one connection, two checks. */
async function connect({ target, ctx, checks, discovered }: Test): Promise<WsmanChannel | undefined> {
  const isTls = target.settings.scheme === 'https';
  const onCertificate = (certificate: X509Certificate) =>
    Object.assign(discovered, {
      fingerprint: certificate.fingerprint256,
      certificate: certificate.subject.replaceAll('\n', ', '),
      certificateEnds: certificate.validTo,
    });
  try {
    const channel = await WsmanChannel.connect({ target, signal: ctx.signal, onCertificate });
    checks.push({ name: 'port', ok: true, detail: `${placeOf(target)} is open.` });
    if (isTls) checks.push({ name: 'TLS', ok: true, detail: `${discovered.certificate}, ${discovered.fingerprint}` });
    return channel;
  } catch (thrown) {
    ctx.signal.throwIfAborted();
    const error = toAppError(thrown);
    const isOpen = isTls && (error.code === 'winrm.certificate' || error.code === 'winrm.tls' || error.code === 'egress.client_certificate');
    if (isOpen) checks.push({ name: 'port', ok: true, detail: `${placeOf(target)} is open.` });
    checks.push(failed(isOpen ? 'TLS' : 'port', error));
    return undefined;
  }
}

function offered(schemes: string[]): string {
  return schemes.length === 0 ? 'WinRM answers.' : `WinRM answers and offers to sign in by ${schemes.join(', ')}.`;
}

async function signIn({ target, ctx }: Test, channel: WsmanChannel): Promise<string> {
  await channel.signIn(ctx.signal);
  const { scheme, user, domain } = target.signIn;
  const cover = target.isSealed ? 'messages sealed' : target.settings.scheme === 'https' ? 'within TLS' : 'messages readable on the wire';
  return scheme === 'certificate' ? `By certificate, ${cover}.` : `As ${domain ? `${domain}\\` : ''}${user} by ${scheme}, ${cover}.`;
}

/** Basic and certificates are looked at with the first message only. */
async function askShell({ target, ctx, discovered }: Test, client: WsmanClient): Promise<string> {
  const decoder = pageDecoder(target.settings.codePage);
  let out = '';
  await using shell = await WinrmShell.open({ client, codePage: target.settings.codePage, signal: ctx.signal });
  const exitCode = await shell.run({
    line: 'whoami && ver',
    onOutput: ({ stream, bytes }) => {
      if (stream === 'stdout' && out.length < 4_096) out += decoder.decode(bytes);
    },
    signal: ctx.signal,
    timeoutMs: 60_000,
  });
  const [who = '', ...system] = out.split(/\r?\n/).filter((line) => line.trim() !== '');
  discovered.user = who.trim();
  if (system.length > 0) discovered.system = system.join(' ').trim();
  return `A command ran as ${who.trim() || 'nobody it named'} and ended with ${exitCode}.`;
}

async function resolveName(target: WinrmTarget, signal: AbortSignal): Promise<string> {
  try {
    const { addresses, servername } = await resolveAllowed({ host: target.address, port: target.port, class: 'host' }, { signal });
    return servername === undefined ? 'It is an address.' : addresses.map((one) => one.address).join(', ');
  } catch (thrown) {
    throw connectFailure(thrown, placeOf(target));
  }
}

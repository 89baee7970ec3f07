import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imap } from '../connectors/imap.connector.ts';
import { ImapTarget } from '../imap/imap-session.ts';
import { dovecotMissing, startDovecot, type TestDovecot } from '../testing/dovecot.ts';
import { fitsSubject, mailTrigger } from './mail.trigger.ts';
import { TriggerBed } from './testing/trigger-context.ts';

const quiet = { signal: new AbortController().signal, log: () => {} };
let count = 0;
const mail = ({
  from = 'Bank <reports@bank.example>',
  subject = 'Positions',
  id = `<${++count}@bank.example>`,
  body = 'See below.',
  attached = false,
} = {}) => `From: ${from}
To: desk@example.org
Subject: ${subject}
Message-ID: ${id}
Date: Fri, 20 Nov 2026 18:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

${body}
${attached ? `--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename="../../p.csv"\nContent-Transfer-Encoding: base64\n\n${Buffer.from('a,b\n1,2\n').toString('base64')}\n` : ''}--b--
`;

describe.skipIf(dovecotMissing !== undefined)(`mail triggers on a real Dovecot${dovecotMissing ? ` (skipped: ${dovecotMissing})` : ''}`, () => {
  let server: TestDovecot;
  beforeAll(async () => {
    server = await startDovecot();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  const bed = (config: object = {}, changes: Record<string, unknown> = {}) =>
    new TriggerBed(mailTrigger, {
      config: { connection: 'mail', ...config },
      connection: { type: 'imap', config: server.config(changes), secret: { password: server.password } },
    });
  const subjects = (look: { findings: { title: string }[] }) => look.findings.map(({ title }) => title);
  const flagged = (flag: string) => server.doveadm('search', '-u', 'desk', 'mailbox', 'INBOX', flag).trim().split('\n').filter(Boolean).length;

  it('fire once for each mail that fits, with what it says and its attachments; what was there before is left alone', async () => {
    await server.deliver(mail({ subject: 'Old' }));
    const watched = bed({ from: ['@bank.example'], subject: 'Positions *', withAttachments: true });
    expect(subjects(await watched.look())).toEqual([]);
    await server.deliver(mail({ subject: 'Positions of today', attached: true, body: 'Grüße' }));
    await server.deliver(mail({ subject: 'Positions without any' }));
    await server.deliver(mail({ subject: 'Positions of another', attached: true, from: 'x@elsewhere.example' }));
    expect(await watched.test()).toMatchObject({ ok: true, summary: expect.stringContaining('3 are new, and 1 would fire now') });
    const look = await watched.look();
    expect(look.findings).toMatchObject([
      {
        title: 'Positions of today',
        event: { from: 'reports@bank.example', fromName: 'Bank', text: expect.stringContaining('Grüße'), attachments: [{ name: 'p.csv', size: 8 }] },
      },
    ]);
    expect(Buffer.from(watched.kept.get(look.findings[0]?.files?.[0]?.sha256 ?? '') ?? []).toString()).toBe('a,b\n1,2\n');
    expect(flagged('seen')).toBe(0);
    expect(subjects(await watched.look())).toEqual([]);
    expect(flagged('seen')).toBe(1);
  });

  it('find again what was found by a look that died, and know a mail that comes again in a mailbox that was made anew', async () => {
    const watched = bed({ afterwards: 'move', moveTo: 'Archive' });
    await watched.look();
    await server.deliver(mail({ subject: 'Once', id: '<once@bank.example>' }));
    expect(subjects(await watched.look({ dies: true }))).toEqual(['Once']);
    expect(subjects(await watched.look())).toEqual(['Once']);
    await watched.look();
    expect(server.doveadm('search', '-u', 'desk', 'mailbox', 'Archive', 'all').trim().split('\n')).toHaveLength(1);
    watched.memory = { ...watched.memory, validity: '1' };
    await server.deliver(mail({ subject: 'Once', id: '<once@bank.example>' }));
    expect(subjects(await watched.look())).not.toContain('Once');
  });

  it('hold over STARTTLS; a wrong password, an unknown authority and an unknown mailbox each say so', async () => {
    const target = (changes: Record<string, unknown>) => ({ config: ImapTarget.parse(server.config(changes)), secret: { password: server.password } });
    expect(await imap.test(target({ security: 'starttls' }), quiet)).toMatchObject({ ok: true, checks: [{ name: 'DNS' }, { name: 'sign-in', ok: true }] });
    expect(await imap.test({ ...target({}), secret: { password: 'wrong-password' } }, quiet)).toMatchObject({
      ok: false,
      checks: [{}, { detail: expect.stringContaining('refused the user desk') }],
    });
    expect(await imap.test(target({ certificateAuthority: undefined }), quiet)).toMatchObject({
      ok: false,
      checks: [{}, { detail: expect.stringContaining('No trusted encryption') }],
    });
    await expect(bed({ mailbox: 'Nowhere' }).look()).rejects.toMatchObject({ code: 'imap.refused' });
  });
});

describe('a server that behaves badly', () => {
  it('that accepts and never speaks is given up, also at once when the look is ended', async () => {
    const silent = net.createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const hangs = (timeoutSeconds: number) =>
      new TriggerBed(mailTrigger, {
        config: { connection: 'mail' },
        connection: { type: 'imap', config: { host: '127.0.0.1', port, security: 'none', user: 'x', timeoutSeconds }, secret: { password: 'none' } },
      });
    await expect(hangs(1).look()).rejects.toMatchObject({ code: expect.stringMatching(/^imap\.(timeout|unreachable)$/) });
    const ended = new AbortController();
    const looking = hangs(60).look({ signal: ended.signal });
    ended.abort(new Error('ended'));
    await expect(looking).rejects.toThrow('ended');
    silent.close();
  });
});

it('a subject fits by parts around *', () => {
  expect(['Positions of today', 'positions ', 'My Positions of'].map((text) => fitsSubject(text, 'Positions *'))).toEqual([true, true, false]);
  expect(['abc', 'aXbYc', 'ab', 'acb'].map((text) => fitsSubject(text, 'a*b*c'))).toEqual([true, true, false, false]);
  expect(['exact', 'Exact', 'exactly'].map((text) => fitsSubject(text, 'exact'))).toEqual([true, true, false]);
  expect(fitsSubject('anything', '*')).toBe(true);
});

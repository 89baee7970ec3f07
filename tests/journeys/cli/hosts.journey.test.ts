// From nothing to a scheduled job on twenty hosts, with a mail when it fails: all of it from the command line.
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '@tidewheel/client/client';
import { acceptLink } from '@tidewheel/client/routes';
import type { ItemComparison } from '@tidewheel/contract/routes/run-items';
import type { Run, RunSummary } from '@tidewheel/contract/run';
import type { Firing } from '@tidewheel/contract/schedule';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { type SmtpHost, startSmtp } from '../../../packages/server/src/platform/mail/testing/smtp-host.ts';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';
import { sshdMissing, startSshd, type TestSshd } from '../../../packages/steps/src/testing/sshd.ts';

const ada = { email: 'ada@example.org', name: 'Ada', password: 'correct horse battery' };
/** One sshd answers to all twenty names: what makes a host of its own is its name, its target and its connection to it. */
const hosts = Array.from({ length: 20 }, (_, index) => `web${String(index + 1).padStart(2, '0')}.example.org`);
const bad = 'web04.example.org';

const flow = `flow: kernel-check
title: Kernel check
kind: job
steps:
  hosts: { use: targets.find, with: { tags: [web] } }
  check:
    use: ssh.run
    after: hosts
    each: { rows: hosts, waves: [1, 25%], concurrency: 10 }
    with:
      target: '{{ item.name }}'
      command: echo "$HOST" >> did; test ! -e "broken-$HOST" && uname -sr
      environment: { HOST: '{{ item.name }}' }
`;
/** No day is off but one that is over, so that the journey has no day on which it fails. */
const calendar = 'rules: [{ kind: dates, dates: [{ date: 2020-01-02, name: moving house }] }]\n';
const schedule = `schedule: kernels
title: Kernels, every other second
flow: kernel-check
timeZone: Europe/Paris
calendar: operations
rules: [{ kind: cron, expression: "*/2 * * * * *" }]
policies: { runs: skip }
`;

describe.skipIf(sshdMissing)('twenty hosts', () => {
  let server: TestServer;
  let shell: Shell;
  let sshd: TestSshd;
  let smtp: SmtpHost;
  beforeAll(async () => {
    [server, sshd, smtp] = await Promise.all([startTestServer(), startSshd(), startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'] })]);
    shell = await openShell();
    // The one step of the journey that a person takes in a browser: the link of the first administrator.
    const token = new URL(server.firstLink ?? '').pathname.split('/').at(-1) ?? '';
    await createClient({ origin: server.origin }).call(acceptLink, { params: { token }, body: ada });
    expect(await signIn()).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await Promise.all([server?.stop(), smtp?.close()]);
    await sshd?.[Symbol.asyncDispose]();
  });

  const signIn = () => {
    let asked = false;
    return shell.onTerminal(['login', '--url', server.origin, '--email', ada.email], {
      keepStdinOpen: true,
      onOutput(output, child) {
        if (asked || !output.includes('Password:')) return;
        asked = true;
        child.stdin?.write(`${ada.password}\r`);
      },
    });
  };
  const tidewheel = async (...args: string[]) => {
    const outcome = await shell.tidewheel(args);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    return outcome;
  };
  const file = async (name: string, text: string) => {
    await writeFile(path.join(shell.folder, name), text);
    return name;
  };
  /** The hosts that the command really ran on since the last call, in order. */
  const visited = async () => {
    const did = path.join(sshd.user.home, 'did');
    const names = await readFile(did, 'utf8').catch(() => '');
    await rm(did, { force: true });
    return names.split('\n').filter(Boolean);
  };
  /** Of each host that the step of a run was begun for, in their order. */
  const items = async (run: string) =>
    (await tidewheel('run', 'items', run, 'check', '--json'))
      .json<RunSummary[]>()
      .toSorted((one, other) => (one.parent?.item ?? 0) - (other.parent?.item ?? 0))
      .map(({ id, state, parent }) => ({ id, state, host: (parent?.value as { name: string } | undefined)?.name }));
  const compared = async (run: string) => (await tidewheel('run', 'compare', run, 'check', '--field', 'stdout', '--json')).json<ItemComparison>();

  test('come from one CSV, with their key pinned and one credential, and all answer', async () => {
    await file('password', sshd.user.password);
    await tidewheel('credential', 'create', 'operations', '--type', 'ssh', '--set', `user=${sshd.user.name}`, '--secret', 'password=@password');
    const lines = hosts.map((name) => `${name},127.0.0.1,${sshd.port},${sshd.hostKey}`);
    const csv = await file('hosts.csv', `name,address,settings.port,settings.hostKey\n${lines.join('\n')}\n`);
    const how = ['--os', 'linux', '--credential', 'operations', '--tag', 'web'];
    expect((await tidewheel('target', 'import', csv, ...how)).stdout).toContain('20 would be created, 0 would be changed, 0 stay, 0 faults.');
    expect((await tidewheel('target', 'import', csv, ...how, '--write')).stdout).toContain('20 created, 0 changed, 0 stay, 0 faults.');
    expect((await tidewheel('target', 'test', '--tag', 'web', '--at-once', '10')).stderr).toContain('20 of 20 work.');
  });

  test('are named by a dry run that touches none, then all say the same, the canary first', async () => {
    await tidewheel('flow', 'apply', await file('kernel-check.yaml', flow));
    await tidewheel('run', 'start', 'kernel-check', '--dry-run', '--wait');
    expect(await visited()).toEqual([]);
    const planned = await items('latest');
    expect(planned.map(({ host }) => host)).toEqual(hosts);
    expect((await tidewheel('run', 'logs', planned[3]?.id ?? '')).stdout).toMatch(/would run .* on web04\.example\.org/);
    await tidewheel('run', 'start', 'kernel-check', '--wait');
    const order = await visited();
    expect(order[0]).toBe(hosts[0]);
    expect(order.toSorted()).toEqual(hosts);
    expect(await compared('latest')).toMatchObject({
      total: 20,
      open: 0,
      groups: [{ state: 'succeeded', count: 20, value: expect.stringMatching(/^Linux /) }],
    });
  });

  test('one fails in the run of a schedule: no further wave, a mail to who owns it, and after mending the rest alone runs again', async () => {
    await tidewheel('mail', 'set', '127.0.0.1', '--port', String(smtp.port), '--security', 'none', '--from', 'tidewheel@example.org');
    await tidewheel('calendar', 'create', 'operations', await file('operations.yaml', calendar));
    const broken = path.join(sshd.user.home, `broken-${bad}`);
    await writeFile(broken, '');
    await tidewheel('schedule', 'apply', await file('kernels.yaml', schedule));
    const fired = async () => (await tidewheel('schedule', 'history', 'kernels', '--json')).json<Firing[]>().findLast((one) => one.run)?.run;
    await expect.poll(fired).toBeTruthy();
    await tidewheel('schedule', 'pause', 'kernels');
    const number = String((await fired())?.number);
    const states = async () => (await tidewheel('run', 'list', '--schedule', 'kernels', '--json')).json<Run[]>().map(({ state }) => state);
    await expect.poll(async () => new Set(await states())).toEqual(new Set(['failed']));
    const shown = (await tidewheel('run', 'show', number, '--json')).json<Run>();
    expect(shown).toMatchObject({ startedBy: ada.email, origin: { kind: 'schedule', slug: 'kernels', instant: expect.any(String) } });
    const waves = hosts.slice(0, 6).map((host) => ({ host, state: host === bad ? 'failed' : 'succeeded' }));
    expect(await items(number)).toMatchObject(waves);

    const told = () => smtp.mails.map((mail) => mail.replace(/=\r\n/g, '')).find((mail) => mail.includes(`Subject: Kernel check: run ${number} failed`));
    await expect.poll(told).toBeDefined();
    expect(told()).toContain(`To: ${ada.email}`);
    expect(told()).toContain('1 of 20 items failed, 14 were not begun: item 4');
    expect(told()).toContain(`The command on ${bad} ended with exit code 1`);
    expect(told()).toContain('You get this because the run was started in your name.');

    await visited();
    await rm(broken);
    await tidewheel('run', 'rerun', number, '--from', 'failed', '--wait');
    expect((await visited()).toSorted()).toEqual([bad, ...hosts.slice(6)]);
    expect(await compared('latest')).toMatchObject({ total: 20, open: 0, groups: [{ state: 'succeeded', count: 20 }] });
  });
});

// From an event to the people: who is told, how, once, and what becomes of a message when somebody is killed or the far side does not answer.
import type { ServerResponse } from 'node:http';
import { NotificationPreferences, RuleContent, TemplateContent } from '@tidewheel/contract/notify';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { maskText } from '../../base/masked-view.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { countInbox, listInbox, readInbox, savePreferences } from './inbox/inbox.service.ts';
import { listMessages, resendMessages, showNotifier, startNotifier, stopNotifier } from './inbox/log.service.ts';
import { claimMessage } from './send/send.store.ts';
import { archiveChannel, saveChannel, showChannel, testChannel } from './settings/channels.service.ts';
import { archiveRule, archiveTeam, listRules, saveRule, saveTeam } from './settings/rules.service.ts';
import { archiveTemplate, previewTemplate, saveTemplate, showTemplate } from './settings/templates.service.ts';
import { type FarSide, type NotifySite, openSite, startFarSide } from './testing/notify-site.ts';

let site: NotifySite;
let far: FarSide;
let ada: Actor;
let bob: Actor;
let flow: string;
const signingSecret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

beforeAll(async () => {
  site = await openSite();
  far = await startFarSide();
  ada = await site.addPerson('ada');
  bob = await site.addPerson('bob', 'operator');
  flow = await site.addFlow('prices', { owner: ada.label, folder: 'finance' });
  await site.setMail();
});
afterAll(async () => {
  far.close();
  await site.close();
});
beforeEach(async () => {
  await site.forget();
  far.seen.length = 0;
  far.answer = (response) => response.end('ok');
});

const rule = (slug: string, content: Parameters<typeof RuleContent.parse>[0]) => saveRule(site.deps, site.admin, { slug, content: RuleContent.parse(content) });
const hook = (slug = 'hook') =>
  saveChannel(site.deps, site.admin, { slug, title: 'Hook', type: 'webhook', enabled: true, config: { url: `${far.origin}/hook` }, secret: { signingSecret } });
const prefer = (actor: Actor, given: object) => savePreferences(site.deps, actor, NotificationPreferences.parse(given));
const states = async () =>
  (await site.messages()).map(({ channel, recipient, state, reason }) => ({ channel, to: recipient.startsWith('user:') ? 'user' : recipient, state, reason }));

describe('out of the box', () => {
  it('whoever started and owns a flow is told of its failure by mail and in the pages, each once', async () => {
    await site.endRuns(flow, { by: bob });
    await site.round();
    const tos = site.smtp.mails.map((mail) => /^To: (.*)$/m.exec(mail)?.[1]?.trim());
    expect(tos.toSorted()).toEqual([ada.label, bob.label]);
    const mail = site.smtp.mails.find((one) => one.includes(`To: ${bob.label}`)) ?? '';
    for (const part of [
      'prices: run',
      'failed',
      'host <b>timed out</b>',
      'Duration:',
      '1 min 0 s',
      `https://tidewheel.example.org/w/`,
      'You get this because you started the run.',
      'multipart/alternative',
      '&lt;b&gt;timed out',
    ])
      expect(mail.replace(/=\r?\n/g, '').replaceAll('=3D', '=')).toContain(part);
    const inbox = await listInbox(site.deps, bob, { limit: 10 });
    expect(inbox.items).toMatchObject([{ kind: 'run.failed', severity: 'error', flow: 'prices', object: { type: 'run' }, readAt: null }]);
    await site.round();
    expect(site.smtp.mails).toHaveLength(2);
    expect((await states()).every(({ state }) => state === 'sent')).toBe(true);
  });
  it('nobody is told of what went well, of a run of a program, or after he left', async () => {
    await site.endRuns(flow, { state: 'succeeded', by: bob });
    await site.endRuns(await site.addFlow('others'), {});
    const eve = await site.addPerson('eve');
    await site.database.databases.enginePool.query('update identity.membership set suspended_at = now() where user_id = $1', [eve.userId]);
    await site.endRuns(await site.addFlow('of-eve', { owner: eve.label }), { by: eve });
    await site.round();
    expect(await states()).toEqual([]);
    expect((await showNotifier(site.deps, site.admin)).events).toBe(0);
  });
  it('failures in a row are critical', async () => {
    for (let times = 0; times < 3; times++) await site.endRuns(flow);
    await site.round();
    const mine = await site.messages();
    expect(mine.filter(({ via }) => via === 'inbox').map(({ severity }) => severity)).toEqual(['error', 'error', 'critical']);
    await site.endRuns(flow, { state: 'succeeded' });
    await site.endRuns(flow);
    await site.round();
    expect((await site.messages()).at(-1)).toMatchObject({ severity: 'error' });
  });
});

describe('preferences', () => {
  it('that name a flow nobody knows, or quiet hours of no length, are refused', async () => {
    await expect(prefer(bob, { watch: ['prices', 'prizes'], mute: ['zzz'], quietHours: { from: '07:00', to: '07:00' } })).rejects.toMatchObject({
      code: 'notification_preferences.invalid',
      details: {
        faults: [
          { path: 'quietHours.to' },
          { path: 'watch.1', message: 'there is no flow "prizes"; did you mean "prices"?' },
          { path: 'mute.0', message: 'there is no flow "zzz"' },
        ],
      },
    });
  });
  it('keep the reason for what is left out, and let a watcher know', async () => {
    await prefer(bob, { mute: ['prices'] });
    await prefer(ada, { outcomes: 'all', mutedChannels: ['email'] });
    const carl = await site.addPerson('carl');
    await prefer(carl, { watch: ['prices'] });
    await site.endRuns(flow, { state: 'succeeded', by: bob });
    await site.round();
    const rows = await site.messages();
    const of = ({ userId }: Actor) =>
      rows.filter((row) => row.user_id === userId).map(({ channel, state, reason }) => `${channel} ${state} ${reason ?? ''}`.trim());
    expect(of(bob).toSorted()).toEqual(['email left_out muted by preference: the flow prices', 'in-app left_out muted by preference: the flow prices']);
    expect(of(ada).toSorted()).toEqual(['email left_out muted by preference: the channel email', 'in-app sent']);
    expect(of(carl).toSorted()).toEqual(['email sent', 'in-app sent']);
  });
  it('quiet hours put off and do not drop; a digest becomes one message', async () => {
    const hour = new Date().getUTCHours();
    const pad = (at: number) => `${String((at + 24) % 24).padStart(2, '0')}:00`;
    await prefer(bob, { quietHours: { from: pad(hour - 1), to: pad(hour + 2) } });
    await prefer(ada, { digest: 'hourly' });
    await site.endRuns(flow, { by: bob });
    await site.endRuns(await site.addFlow(`second-${hour}`, { owner: ada.label }), {});
    await site.round();
    const waiting = (await site.messages()).filter(({ via }) => via === 'mail');
    expect(waiting.map(({ state, reason }) => [state, reason])).toEqual(
      expect.arrayContaining([
        ['waiting', 'put off by quiet hours'],
        ['waiting', 'part of the hourly digest'],
        ['folded', 'part of another message'],
      ]),
    );
    await site.database.databases.enginePool.query(`update notification_message set due_at = now() where state = 'waiting'`);
    await site.round();
    expect(site.smtp.mails).toHaveLength(2);
    expect(site.smtp.mails.some((mail) => mail.includes('2 notifications from'))).toBe(true);
  });
});

describe('rules', () => {
  it('tell teams, roles and addresses, by the template that they name; who may not see the flow is not told', async () => {
    await saveTemplate(site.deps, site.admin, {
      slug: 'loud',
      content: TemplateContent.parse({ title: 'Loud', subject: 'ALARM {{ flow.slug }}', text: '{{ event.data.venue }} for {{ recipient.email }}' }),
    });
    await saveTeam(site.deps, site.admin, {
      slug: 'desk',
      content: { title: 'Desk', people: [ada.label], roles: ['operator'], addresses: ['boss@elsewhere.org'] },
    });
    const dora = await site.addPerson('dora', 'blind');
    await site.database.databases.enginePool.query(
      `insert into identity.role (workspace_id, slug, title, description, rules, masks) values ($1, 'blind', 'Blind', '', '[{"effect":"allow","permissions":["run.read"],"where":{"flow":["other"]}}]', '[]')`,
      [site.workspaceId],
    );
    await rule('alarm', {
      title: 'Alarm',
      match: { flows: ['pri*'], errorPattern: 'timed out' },
      to: { teams: ['desk'], people: [dora.label] },
      channels: ['email'],
      template: 'loud',
    });
    await site.endRuns(flow);
    await site.round();
    const mails = site.smtp.mails.filter((mail) => mail.includes('ALARM prices'));
    expect(mails.map((mail) => /^To: (.*)$/m.exec(mail)?.[1]?.trim()).toSorted()).toEqual([ada.label, bob.label, 'boss@elsewhere.org']);
    await expect(archiveTeam(site.deps, site.admin, 'desk')).rejects.toMatchObject({ code: 'notification_team.named' });
    await expect(archiveTemplate(site.deps, site.admin, 'loud')).rejects.toMatchObject({ code: 'notification_template.named' });
  });
  it('word what stands behind the bell, too; what cannot be filled is shown as the event says it', async () => {
    const template = (slug: string, inApp: object) =>
      saveTemplate(site.deps, site.admin, { slug, content: TemplateContent.parse({ title: slug, subject: 'S {{ flow.slug }}', text: 't', ...inApp }) });
    await template('bell', { inAppTitle: '{{ flow.slug }} broke\n\n({{ run.error.code }})', inAppText: 'for {{ recipient.name }}: {{ event.text }}' });
    await template('bare', {});
    await template('late', { inAppText: '{% for i in (1..event.data.many) %}x{% endfor %}{{ event.title }}' });
    const to = { people: [ada.label] };
    for (const name of ['bell', 'bare']) await rule(name, { title: name, match: { flows: [name] }, to, channels: ['in-app'], template: name });
    await rule('gone', { title: 'gone', match: { flows: ['gone'] }, to, channels: ['in-app'], template: 'late' });
    for (const name of ['bell', 'bare', 'gone']) await site.endRuns(await site.addFlow(name));
    await site.database.databases.enginePool.query(
      `update notification_event set data = '{"many":90000000}' where flow_id = (select id from flow where slug = 'gone')`,
    );
    await site.round();
    const shown = (await listInbox(site.deps, ada, { limit: 9 })).items.map(({ title, text }) => `${title} | ${text}`).toSorted();
    expect(shown).toEqual([
      expect.stringMatching(/^Run \d+ failed \| host <b>timed out<\/b>$/),
      'S bare | host <b>timed out</b>',
      'bell broke (egress.failed) | for ada: host <b>timed out</b>',
    ]);
  });
  it('find those who hold a role for a time, or stand in with it, and the local operator behind the bell alone', async () => {
    const { enginePool } = site.database.databases;
    const [nina, otto, pia] = [await site.addPerson('nina', 'viewer'), await site.addPerson('otto', 'viewer'), await site.addPerson('pia', 'viewer')];
    const deputy = await site.addPerson('deputy', 'designer');
    const grant = (actor: Actor, ends: string) =>
      enginePool.query(
        `insert into identity.access_grant (workspace_id, id, user_id, role, reason, created_by, starts_at, ends_at) values ($1, $2, $3, 'designer', 'r', 'x', now() - interval '1 day', now() + $4::interval)`,
        [site.workspaceId, crypto.randomUUID(), actor.userId, ends],
      );
    await grant(nina, '1 hour');
    await grant(otto, '-1 hour');
    await enginePool.query(
      `insert into identity.delegation (workspace_id, id, from_user, to_user, reason, ends_at) values ($1, $2, $3, $4, 'r', now() + interval '1 day')`,
      [site.workspaceId, crypto.randomUUID(), deputy.userId, pia.userId],
    );
    await rule('designers', { title: 'Designers', match: { flows: ['drawn'] }, to: { roles: ['designer'] }, channels: ['in-app'] });
    const operator = await site.addPerson('operator');
    await enginePool.query(`update identity."user" set kind = 'local' where id = $1`, [operator.userId]);
    await site.endRuns(await site.addFlow('drawn', { owner: operator.label }));
    await site.round();
    const rows = await site.messages();
    const told = rows.filter(({ rule: by }) => by === 'designers').map(({ user_id }) => user_id);
    expect(told.toSorted()).toEqual([nina, pia, deputy].map(({ userId }) => userId).toSorted());
    expect(rows.filter(({ user_id }) => user_id === operator.userId).map(({ channel, state, because }) => [channel, state, because])).toEqual([
      ['in-app', 'sent', 'you own the flow'],
    ]);
    expect(await countInbox(site.deps, operator)).toEqual({ unread: 1 });
  });
  it('name what is not there', async () => {
    const faults = await rule('odd', {
      title: 'Odd',
      match: { errorPattern: '(?=x)' },
      to: { teams: ['x'], roles: ['operater'] },
      channels: ['emial'],
      template: 'none',
    }).catch((error: unknown) => error);
    expect(faults).toMatchObject({
      code: 'notification_rule.invalid',
      details: { faults: expect.arrayContaining([expect.objectContaining({ path: 'channels.0', message: expect.stringContaining('did you mean "email"') })]) },
    });
    expect((faults as { details: { faults: { path: string }[] } }).details.faults.map(({ path }) => path)).toEqual([
      'channels.0',
      'to.teams.0',
      'to.roles.0',
      'template',
      'match.errorPattern',
    ]);
  });
  it('a built-in one is changed here, and is as it was when it is removed', async () => {
    await rule('runs-end', { title: 'Nobody', enabled: false, channels: ['email'] });
    await site.endRuns(flow, { by: bob });
    await site.round();
    expect(await states()).toEqual([]);
    await archiveRule(site.deps, site.admin, 'runs-end');
    expect((await listRules(site.deps, site.admin)).map(({ slug, changed }) => [slug, changed])).toEqual([
      ['runs-end', false],
      ['starts-fail', false],
      ['colors-match', false],
      ['approvals-open', false],
    ]);
  });
  it('usual durations are known', async () => {
    await rule('slow', { title: 'Slow', match: { durationTimesUsual: 3 }, to: { people: [ada.label] }, channels: ['in-app'] });
    const slow = await site.addFlow('slow');
    await site.endRuns(slow, { state: 'succeeded', count: 5, seconds: 10 });
    await site.round();
    expect(await states()).toEqual([]);
    await site.endRuns(slow, { state: 'succeeded', seconds: 100 });
    await site.round();
    expect(await states()).toMatchObject([{ channel: 'in-app', state: 'sent' }]);
  });
});

describe('a flood', () => {
  it('of 10,000 failures becomes a few messages, and each event has its place', async () => {
    await hook();
    await rule('all', { title: 'All', match: { kinds: ['run.failed'] }, channels: ['hook'], groupMinutes: 10 });
    await site.endRuns(flow, { by: ada, count: 10_000 });
    await site.round();
    const rows = await site.messages();
    expect(new Set(rows.map(({ event_id }) => event_id)).size).toBe(10_000);
    expect(rows).toHaveLength(30_000);
    expect(far.seen.length).toBeLessThanOrEqual(2);
    expect(site.smtp.mails.length).toBeLessThanOrEqual(4);
    const told = rows.filter(({ state }) => state !== 'folded').reduce((sum, row) => sum + row.more + 1, 0);
    expect(told).toBe(30_000);
    expect((await countInbox(site.deps, ada)).unread).toBeLessThan(10);
  });
});

describe('what others raise', () => {
  const raised = (workspaceId: string, { id, data }: { id: string; data: object }) =>
    sql`insert into notification_event (workspace_id, id, kind, severity, title, object_type, object_id, data, raised_by)
      values (${workspaceId}, ${newId()}, 'custom.asked', 'info', 'Please', 'run', ${id}, ${JSON.stringify(data)}, 'eve')`.execute(
      site.database.databases.engine,
    );
  it('about a run that is none is told like anything else, also by rules that ask who may decide', async () => {
    await rule('asked', { title: 'Asked', match: { kinds: ['custom.*'] }, to: { approvers: true, people: [bob.label] }, channels: ['in-app'] });
    await raised(site.workspaceId, { id: 'no run', data: { step: 'sign' } });
    await site.round();
    expect((await listInbox(site.deps, bob, { limit: 9 })).items.map(({ title }) => title)).toEqual(['Please']);
  });
  it('that cannot be turned into messages holds up no other workspace', async () => {
    const workspaceId = '00000000-0000-7000-8000-000000000001';
    const { engine } = site.database.databases;
    await sql`insert into workspace (id, slug, title) values (${workspaceId}, 'broken', 'Broken')`.execute(engine);
    await sql`insert into notification_rule (workspace_id, slug, content, updated_by) values (${workspaceId}, 'broken', '{}', 'nobody')`.execute(engine);
    await raised(workspaceId, { id: newId(), data: {} });
    await site.endRuns(flow, { by: bob });
    await site.round();
    expect(site.smtp.mails.filter((mail) => mail.includes(`To: ${bob.label}`))).toHaveLength(1);
    const { rows } = await sql<{ workspace_id: string }>`select workspace_id from notification_pending`.execute(engine);
    expect(rows).toEqual([{ workspace_id: workspaceId }]);
    await sql`delete from notification_pending`.execute(engine);
  });
});

describe('a webhook', () => {
  beforeEach(async () => {
    await hook();
    await rule('all', { title: 'All', match: { kinds: ['run.failed'] }, channels: ['hook'], groupMinutes: 0 });
    await rule('runs-end', { title: 'Off', enabled: false, channels: ['email'] });
  });
  it('is signed so that the library of the standard accepts it', async () => {
    await site.endRuns(flow);
    await site.round();
    const [seen] = far.seen;
    expect(new Webhook(signingSecret).verify(seen?.body ?? '', seen?.headers as Record<string, string>)).toMatchObject({
      type: 'run.failed',
      data: { flow: 'prices' },
    });
    expect(await states()).toEqual([{ channel: 'hook', to: 'place', state: 'sent', reason: null }]);
  });
  it('that fails is tried again under its id, then given up, listed and sent again by hand', async () => {
    far.answer = (response) => response.writeHead(503).end();
    await site.endRuns(flow);
    for (let times = 0; times < 9; times++) {
      await site.round();
      await site.database.databases.enginePool.query(`update notification_message set due_at = now() where state = 'waiting'`);
    }
    const [letter] = (await listMessages(site.deps, site.admin, { limit: 10, state: 'failed' })).items;
    expect(letter).toMatchObject({ state: 'failed', attempts: 9, error: expect.stringContaining('503'), channel: 'hook', to: null });
    expect(new Set(far.seen.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([letter?.id]));
    far.answer = (response) => response.end('ok');
    expect(await resendMessages(site.deps, site.admin, { ids: [letter?.id ?? ''] })).toEqual({ resent: 1 });
    await site.round();
    expect(await states()).toMatchObject([{ state: 'sent' }]);
  });
  it('that asks for fewer rests with all its messages, and none of them counts', async () => {
    far.answer = (response) => response.writeHead(429, { 'retry-after': '120' }).end();
    await site.endRuns(flow, { count: 3 });
    await site.round();
    await site.round();
    expect(far.seen.length).toBeLessThanOrEqual(3);
    expect((await showChannel(site.deps, site.admin, 'hook')).restingUntil).not.toBeNull();
    expect((await site.messages()).map(({ state, attempts }) => [state, attempts])).toEqual(Array.from({ length: 3 }, () => ['waiting', 0]));
  });
  it('is claimed one message at a time, whatever plan the database chooses', async () => {
    far.answer = (response) => response.writeHead(503).end();
    await site.endRuns(flow, { count: 3 });
    await site.round();
    const { engine } = site.database.databases;
    // With these plans a limit inside of "in (…)" is worked out anew for each row beside it, and each time locks another one.
    for (const join of ['nestloop', 'hashjoin', 'mergejoin']) {
      await sql`update notification_message set state = 'waiting', due_at = now()`.execute(engine);
      await engine.transaction().execute(async (trx) => {
        for (const way of ['nestloop', 'hashjoin', 'mergejoin', 'material', 'memoize', 'hashagg', 'sort', 'indexscan', 'bitmapscan'])
          await sql`set local ${sql.raw(`enable_${way}`)} = ${sql.raw(way === join ? 'on' : 'off')}`.execute(trx);
        await claimMessage(trx, { claimSeconds: 60, busy: [] });
      });
      expect((await site.messages()).filter(({ state }) => state === 'sending')).toHaveLength(1);
    }
  });
  it('whose sender is killed in the middle is unknown, then sent again under its id', async () => {
    await site.endRuns(flow);
    const { databases } = site.database;
    await site.notifier.round();
    await databases.enginePool.query(`update notification_message set state = 'waiting', due_at = now(), attempts = 0`);
    // As a process leaves it that dies after the far side took it: claimed, and nobody to say how it went.
    const [claimed] = [await claimMessage(databases.engine, { claimSeconds: -1, busy: [] })];
    expect(claimed?.attempts).toBe(1);
    await site.notifier.round();
    const [open] = (await listMessages(site.deps, site.admin, { limit: 10, state: 'unknown' })).items;
    expect(open).toMatchObject({ state: 'unknown', error: expect.stringContaining('may have arrived') });
    await databases.enginePool.query(`update notification_message set due_at = now()`);
    await site.notifier.round();
    expect(far.seen.map(({ headers }) => headers['webhook-id'])).toEqual([open?.id, open?.id]);
    expect(await states()).toMatchObject([{ state: 'sent' }]);
  });
  it('that hangs holds up nobody else, and the secret never goes elsewhere', async () => {
    const held: ServerResponse[] = [];
    far.answer = (response) => void held.push(response);
    await site.endRuns(flow, { count: 8 });
    const hanging = site.notifier.round();
    await expect.poll(() => far.seen.length).toBe(4);
    await rule('mails', { title: 'Mails', match: { kinds: ['run.cancelled'] }, to: { people: [ada.label] }, channels: ['email'] });
    await site.endRuns(flow, { state: 'cancelled' });
    const stepped = site.notifier.round();
    await expect.poll(async () => (await site.messages()).filter(({ via, state }) => via === 'mail' && state === 'handed').length).toBe(1);
    far.answer = (response) => response.end('ok');
    const elsewhere = { slug: 'hook', title: 'Hook', type: 'webhook', enabled: true, config: { url: `${far.origin}/elsewhere` } };
    await expect(saveChannel(site.deps, site.admin, elsewhere)).rejects.toMatchObject({ code: 'channel.invalid', details: { faults: [{ path: 'secret' }] } });
    for (const response of held) response.end('ok');
    await Promise.all([hanging, stepped]);
  });
});

describe('settings', () => {
  it('a test really sends; a channel that a rule names stays; its secret is nowhere', async () => {
    await hook();
    expect(await testChannel(site.deps, site.admin, 'hook')).toMatchObject({ answer: '200 ok' });
    expect(JSON.parse(far.seen[0]?.body ?? '')).toMatchObject({ type: 'channel.test', data: { test: true } });
    await rule('all', { title: 'All', channels: ['hook'] });
    await expect(archiveChannel(site.deps, site.admin, 'hook')).rejects.toMatchObject({ code: 'channel.named' });
    await archiveRule(site.deps, site.admin, 'all');
    await archiveChannel(site.deps, site.admin, 'hook');
    const { rows } = await site.database.databases.enginePool.query<{ found: boolean }>(
      `select exists (select from audit_entry where body::text like '%whsec_%') as found`,
    );
    expect(rows[0]?.found).toBe(false);
  });
  it('a template is checked before it is kept, and versions stay', async () => {
    const content = TemplateContent.parse({ title: 'T', subject: '{{ nobody }}', text: 'x' });
    await expect(saveTemplate(site.deps, site.admin, { slug: 't', content })).rejects.toMatchObject({
      code: 'notification_template.invalid',
      details: { faults: [{ path: 'subject' }] },
    });
    await saveTemplate(site.deps, site.admin, { slug: 'run-ended', content: { ...content, subject: 'One' } });
    await saveTemplate(site.deps, site.admin, { slug: 'run-ended', content: { ...content, subject: 'Two' } });
    expect((await showTemplate(site.deps, site.admin, 'run-ended')).versions.map(({ version }) => version)).toEqual([2, 1, 0]);
    expect(await previewTemplate(site.deps, site.admin, { content: { ...content, subject: 'Of {{ flow.title }}' } })).toMatchObject({
      subject: 'Of Daily prices',
    });
    await archiveTemplate(site.deps, site.admin, 'run-ended');
    expect((await showTemplate(site.deps, site.admin, 'run-ended')).current.version).toBe(0);
  });
  it('a template is not filled for who may not see its event, and keeps from others who started the run', async () => {
    const content = TemplateContent.parse({ title: 'T', subject: '{{ event.title }} by {{ run.startedBy }}', text: 'x' });
    const { engine } = site.database.databases;
    const mine = newId();
    await site.endRuns(flow, { by: bob });
    await sql`insert into notification_event (workspace_id, id, kind, severity, title, object_type, object_id, data, raised_by, only_for)
      values (${site.workspaceId}, ${mine}, 'color.matched', 'info', 'A secret search', 'color_processing', '1', '{}', 'engine', ${bob.userId})`.execute(
      engine,
    );
    const { rows } = await sql<{ id: string }>`select id from notification_event where kind = 'run.failed' order by id desc limit 1`.execute(engine);
    const ended = rows[0]?.id ?? '';
    const preview = (actor: Actor, event: string) => previewTemplate(site.deps, actor, { content, event });
    expect((await preview(bob, mine)).subject).toContain('A secret search');
    await expect(preview(site.admin, mine)).rejects.toMatchObject({ code: 'notification.unknown' });
    expect((await preview(site.admin, ended)).subject).toContain(`by ${bob.label}`);
    const rules = [{ permissions: ['channel.edit' as const, 'run.read' as const] }];
    const masked = limitedActor(site.workspaceId, { rules, masks: [{ type: 'run', field: 'startedBy', as: 'masked' }] });
    expect((await preview(masked, ended)).subject).toContain(`by ${maskText}`);
  });
  it('a template that cannot be filled for an event keeps nobody from being told', async () => {
    await saveTemplate(site.deps, site.admin, {
      slug: 'run-ended',
      content: TemplateContent.parse({
        title: 'T',
        kinds: ['run.*'],
        subject: '{{ event.data.n | divided_by: 1 }}',
        text: '{% for i in (1..run.number) %}{% for j in (1..9999999) %}x{% endfor %}{% endfor %}{{ run.number }}',
      }),
    }).catch(() => undefined);
    await site.database.databases.enginePool.query(
      `insert into notification_template (workspace_id, slug, version, content, created_by) values ($1, 'run-ended', 9, $2, 'test')`,
      [
        site.workspaceId,
        JSON.stringify({
          title: 'T',
          kinds: ['run.*'],
          subject: 's',
          text: '{% for i in (1..9999999) %}{% for j in (1..9999999) %}x{% endfor %}{% endfor %}',
          html: '',
          short: '',
        }),
      ],
    );
    await site.endRuns(flow, { by: bob });
    await site.round();
    expect(site.smtp.mails.filter((mail) => mail.includes(`To: ${bob.label}`))[0]).toContain('run.failed');
  });
  it('the worker is stopped and started; what happens meanwhile is kept', async () => {
    expect(await stopNotifier(site.deps, site.admin)).toMatchObject({ running: false, stoppedBy: site.admin.label });
    await site.endRuns(flow, { by: bob });
    await site.round();
    expect(await showNotifier(site.deps, site.admin)).toMatchObject({ events: 1 });
    expect(await startNotifier(site.deps, site.admin)).toMatchObject({ running: true, stoppedAt: null });
    await site.round();
    expect((await showNotifier(site.deps, site.admin)).events).toBe(0);
  });
  it('nobody without the permission sees or sets anything, and each reads his own', async () => {
    const reader = limitedActor(site.workspaceId, { rules: [{ permissions: ['channel.read', 'run.read'] }] });
    await expect(
      hook().then(() => saveRule(site.deps, reader, { slug: 'x', content: RuleContent.parse({ title: 'X', channels: ['email'] }) })),
    ).rejects.toMatchObject({ code: 'permission.missing' });
    await expect(listMessages(site.deps, reader, { limit: 5 })).rejects.toMatchObject({ code: 'permission.missing' });
    await site.endRuns(flow, { by: bob });
    await site.round();
    expect((await listInbox(site.deps, reader, { limit: 5 })).items).toEqual([]);
    expect(await countInbox(site.deps, bob)).toEqual({ unread: 1 });
    const [mine] = (await listInbox(site.deps, bob, { limit: 5, unread: true })).items;
    await readInbox(site.deps, ada, { ids: [mine?.id ?? ''] });
    expect(await countInbox(site.deps, bob)).toEqual({ unread: 1 });
    expect(await readInbox(site.deps, bob, {})).toEqual({ unread: 0 });
  });
});

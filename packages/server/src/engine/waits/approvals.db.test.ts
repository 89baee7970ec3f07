// Approvals on real Postgres: every rule of who decides on what, above all those that the database keeps by itself.
import { createHash, randomBytes } from 'node:crypto';
import type { Approval } from '@tidewheel/contract/routes/approvals';
import type { Run } from '@tidewheel/contract/run';
import { stepTypes } from '@tidewheel/steps/index';
import canonicalize from 'canonicalize';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureLog } from '../../app/http/testing/listening.ts';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { updateMailSettings } from '../../platform/mail/mail.service.ts';
import { createMailer, sendNext } from '../../platform/mail/outbox.ts';
import { startSmtp } from '../../platform/mail/testing/smtp-host.ts';
import { createVault } from '../../platform/vault/vault.service.ts';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { validate } from '../flows/flows.service.ts';
import { rerun } from '../operations/rerun.service.ts';
import { mailApprovals } from './approval-mails.ts';
import { type Deciding, decide, listApprovals, showApproval } from './approvals.service.ts';
import type { DecideDeps } from './cast-vote.ts';
import { lend, type Place, person, suspend } from './testing/people.ts';

let bench: EngineBench;
let deps: DecideDeps;
let place: Place;
let count = 0;
let starter: Actor;
beforeAll(async () => {
  bench = await startEngineBench({ types: stepTypes, steps: {} });
  deps = { databases: bench.databases, queue: bench.engine.queue };
  place = { databases: bench.databases, workspaceId: bench.actor.workspaceId };
  starter = await member('developer');
});
afterAll(() => bench.close());

function member(role: string, kind?: string) {
  return person(place, { name: `p${++count}`, role, ...(kind && { kind }) });
}
/** A role that nobody else holds. */
const newRole = () => `role-${++count}`;

interface Asked {
  run: string;
  approval: Approval;
}

/** Starts a run that asks, and waits until it does. */
async function ask(config: object, { by = starter, more = {} }: { by?: Actor; more?: Record<string, object> } = {}): Promise<Asked> {
  const steps = { ...more, sign: { use: 'approval', with: config, ...(Object.keys(more).length > 0 && { after: Object.keys(more) }) } };
  const { id } = await bench.runs.startRun(by, { slug: await bench.apply({ steps }), parameters: {} });
  return { run: id, approval: await openOf(id) };
}
async function openOf(run: string): Promise<Approval> {
  const now = await bench.until(run, (one) => one.steps.some((step) => step.state === 'waiting' && step.wait?.kind === 'approval') || one.state === 'failed');
  const wait = now.steps.find((step) => step.wait?.kind === 'approval')?.wait;
  expect(wait, JSON.stringify(now)).toBeTruthy();
  return showApproval(deps, bench.actor, wait?.id ?? '');
}
function vote(who: Actor, { approval }: Asked, more: Partial<Deciding> = {}): Promise<Approval> {
  return decide(deps, who, { id: approval.id, hash: approval.hash, decision: 'approve', comment: '', form: {}, ...more });
}
const sign = (run: Run) => run.steps.find((step) => step.step === 'sign');

describe('who decides', () => {
  test('as many as the quorum of those who hold the role; the run goes on with who they were', async () => {
    const role = newRole();
    const [ada, ben, eve] = [await member(role), await member(role), await member('viewer')];
    const asked = await ask({ approvers: `role.${role}`, quorum: 2, title: 'Send it?' });
    expect(asked.approval).toMatchObject({ title: 'Send it?', quorum: 2, approved: 0, startedBy: starter.label, outcome: null });
    expect(asked.approval.deciders.map((one) => one.email)).toEqual([ada.label, ben.label]);
    await expect(vote(eve, asked)).rejects.toMatchObject({ code: 'approval.not_yours', status: 403 });
    expect(await vote(ada, asked, { comment: 'seen' })).toMatchObject({ approved: 1, outcome: null, you: { can: false, why: 'You have decided.' } });
    await expect(vote(ada, asked)).rejects.toMatchObject({ code: 'approval.decided', status: 409 });
    expect(await vote(ben, asked)).toMatchObject({ approved: 2, outcome: 'approved' });
    const ended = await bench.ended(asked.run);
    expect(sign(ended)?.value).toMatchObject({ by: [ada.label, ben.label], comments: ['seen'] });
    await expect(vote(eve, asked)).rejects.toMatchObject({ code: 'approval.ended', status: 409 });
  });

  test('never who started the run, though he is asked: the database refuses it too', async () => {
    const role = newRole();
    const [ada, ben] = [await member(role), await member(role)];
    const asked = await ask({ approvers: `role.${role}` }, { by: ada });
    await expect(vote(ada, asked)).rejects.toMatchObject({ code: 'approval.requester', status: 403 });
    await expect(insert(asked, { user: ada.userId })).rejects.toMatchObject({ constraint: 'approval_vote_requester' });
    expect((await mine(ada)).map((one) => one.id)).not.toContain(asked.approval.id);
    expect((await mine(ben)).map((one) => one.id)).toContain(asked.approval.id);
    await vote(ben, asked);
    await bench.ended(asked.run);
  });

  test('nor in a run below the one he started, nor whoever answers for the program that started it', async () => {
    const ada = await member('viewer');
    const inner = await bench.apply({ steps: { sign: { use: 'approval', with: { approvers: [ada.label, 'someone@example.org'] } } } });
    const outer = await bench.runs.startRun(ada, { slug: await bench.apply({ steps: { below: { use: 'flow.run', with: { flow: inner } } } }), parameters: {} });
    await expect.poll(async () => (await listApprovals(deps, bench.actor, { state: 'open', limit: 200 })).items.find((one) => one.flow === inner)).toBeTruthy();
    const approval = (await listApprovals(deps, bench.actor, { state: 'open', limit: 200 })).items.find((one) => one.flow === inner);
    const whole = await showApproval(deps, ada, approval?.id ?? '');
    expect(whole.you).toMatchObject({ can: false });
    await expect(vote(ada, { run: whole.run, approval: whole })).rejects.toMatchObject({ code: 'approval.requester' });
    await bench.runs.cancelRun(bench.actor, outer.id);
    await bench.ended(outer.id);

    const program = await member('developer', 'service');
    await sql`insert into identity.service_account (workspace_id, user_id, slug, owner_id, created_by) values (${place.workspaceId}, ${program.userId}, ${newRole()}, ${ada.userId}, 'test')`.execute(
      place.databases.engine,
    );
    const asked = await ask({ approvers: [ada.label, program.label] }, { by: program });
    await expect(vote(ada, asked)).rejects.toMatchObject({ code: 'approval.requester' });
    await expect(vote(program, asked)).rejects.toMatchObject({ code: 'approval.not_yours' });
    await bench.runs.cancelRun(bench.actor, asked.run);
    await bench.ended(asked.run);
  });

  test('not the suspended, no programs, not who has no approval.decide', async () => {
    const role = newRole();
    const [ada, ben, program] = [await member(role), await member(role), await member(role, 'service')];
    const asked = await ask({ approvers: `role.${role}` });
    await suspend(place, ada);
    await expect(vote(ada, asked)).rejects.toMatchObject({ code: 'approval.not_yours' });
    await expect(vote(program, asked)).rejects.toMatchObject({ code: 'approval.not_yours' });
    await expect(insert(asked, { user: ada.userId })).rejects.toMatchObject({ constraint: 'approval_vote_decider' });
    await expect(insert(asked, { user: program.userId })).rejects.toMatchObject({ constraint: 'approval_vote_decider' });
    const reader = { ...limitedActor(place.workspaceId, { rules: [{ permissions: ['run.read'] }] }), userId: ben.userId };
    await expect(vote(reader, asked)).rejects.toMatchObject({ code: 'permission.missing', status: 403 });
    const elsewhere = {
      ...limitedActor(place.workspaceId, { rules: [{ permissions: ['run.read', 'approval.decide'], where: { flow: ['other'] } }] }),
      userId: ben.userId,
    };
    await expect(vote(elsewhere, asked)).rejects.toMatchObject({ code: 'approval.unknown', status: 404 });
    await vote(ben, asked);
    await bench.ended(asked.run);
  });

  test('whoever holds a role by a grant for a while decides too', async () => {
    const role = newRole();
    const ada = await member('viewer');
    const asked = await ask({ approvers: `role.${role}` });
    await sql`insert into identity.access_grant (workspace_id, id, user_id, role, reason, created_by, ends_at)
      values (${place.workspaceId}, ${newId()}, ${ada.userId}, ${role}, 'on call', 'test', now() + interval '1 hour')`.execute(place.databases.engine);
    expect((await mine(ada)).map((one) => one.id)).toEqual([asked.approval.id]);
    await vote(ada, asked);
    await bench.ended(asked.run);
  });
});

describe('delegation', () => {
  test('who was lent the right votes in the place of the lender: one vote for both', async () => {
    const role = newRole();
    const [ada, ben, away] = [await member(role), await member('viewer'), await member(role)];
    await lend(place, { from: away, to: ben });
    const asked = await ask({ approvers: `role.${role}`, quorum: 2 });
    expect((await mine(ben)).map((one) => one.id)).toEqual([asked.approval.id]);
    expect((await showApproval(deps, ben, asked.approval.id)).you).toEqual({ can: true, why: null, as: [away.label] });
    await expect(vote(ben, asked, { onBehalfOf: ada.label })).rejects.toMatchObject({ code: 'approval.not_yours' });
    const after = await vote(ben, asked, { onBehalfOf: away.label });
    expect(after.votes).toMatchObject([{ by: ben.label, onBehalfOf: away.label, decision: 'approve' }]);
    await expect(vote(away, asked)).rejects.toMatchObject({ code: 'approval.decided' });
    await expect(insert(asked, { user: away.userId })).rejects.toMatchObject({ constraint: 'approval_vote_represented_once' });
    await vote(ada, asked);
    expect(sign(await bench.ended(asked.run))?.value).toMatchObject({ by: [ben.label, ada.label] });
  });

  test('the right of who asked is not to be lent, and he borrows none', async () => {
    const role = newRole();
    const [ada, ben, carol] = [await member(role), await member('viewer'), await member(role)];
    await lend(place, { from: ada, to: ben });
    await lend(place, { from: carol, to: ada });
    const asked = await ask({ approvers: `role.${role}` }, { by: ada });
    await expect(vote(ben, asked)).rejects.toMatchObject({ code: 'approval.not_yours' });
    await expect(vote(ada, asked, { onBehalfOf: carol.label })).rejects.toMatchObject({ code: 'approval.requester' });
    await expect(insert(asked, { user: ben.userId, onBehalfOf: ada.userId })).rejects.toMatchObject({ constraint: 'approval_vote_requester' });
    await expect(insert(asked, { user: ada.userId, onBehalfOf: carol.userId })).rejects.toMatchObject({ constraint: 'approval_vote_requester' });
    expect(await mine(ben)).toEqual([]);
    await vote(carol, asked);
    await bench.ended(asked.run);
  });

  test('what was lent without approval.decide gives no vote', async () => {
    const [ada, ben] = [await member('viewer'), await member('viewer')];
    await lend(place, { from: ada, to: ben, only: ['flow.run'] });
    const asked = await ask({ approvers: ada.label });
    await expect(vote(ben, asked)).rejects.toMatchObject({ code: 'approval.not_yours' });
    await expect(insert(asked, { user: ben.userId, onBehalfOf: ada.userId })).rejects.toMatchObject({ constraint: 'approval_vote_decider' });
    await vote(ada, asked);
    await bench.ended(asked.run);
  });
});

describe('what is approved', () => {
  test('the hash is that of what is shown, with the results of the steps before; another one is refused', async () => {
    const ada = await member('viewer');
    const asked = await ask({ approvers: ada.label }, { more: { price: { use: 'flow.value', with: { value: '{"eur": 7.5}' } } } });
    const { subject, hash, before } = asked.approval;
    expect(hash).toBe(
      createHash('sha256')
        .update(canonicalize(subject) ?? '')
        .digest('hex'),
    );
    expect(before).toMatchObject([{ step: 'price', state: 'succeeded', value: { eur: 7.5 } }]);
    expect(subject).toMatchObject({ run: asked.run, step: 'sign', before: { price: { value: createHash('sha256').update('{"eur":7.5}').digest('hex') } } });
    await expect(vote(ada, asked, { hash: 'a'.repeat(64) })).rejects.toMatchObject({ code: 'approval.stale', status: 409 });
    await expect(insert(asked, { user: ada.userId, hash: 'a'.repeat(64) })).rejects.toMatchObject({ constraint: 'approval_vote_subject' });
    await vote(ada, asked);
    await bench.ended(asked.run);
  });

  test('two runs of one version are two things to approve', async () => {
    const ada = await member('viewer');
    const slug = await bench.apply({ steps: { sign: { use: 'approval', with: { approvers: ada.label } } } });
    const [one, other] = await Promise.all([1, 2].map(async () => openOf((await bench.runs.startRun(starter, { slug, parameters: {} })).id)));
    expect(one?.hash).not.toBe(other?.hash);
    for (const approval of [one, other]) if (approval) await vote(ada, { run: approval.run, approval });
  });
});

describe('a run that is run again', () => {
  test('is approved anew: what was decided is not taken over, nor what comes after it, also through a run below', async () => {
    const ada = await member('viewer');
    const sign = { use: 'approval', with: { approvers: ada.label } };
    const inner = await bench.apply({ steps: { sign } });
    for (const step of [sign, { use: 'flow.run', with: { flow: inner } }]) {
      const slug = await bench.apply({
        steps: {
          before: { use: 'flow.value', with: { value: '1' } },
          step: { ...step, after: 'before' },
          bad: { use: 'flow.fail', after: 'step', with: { message: 'bad' } },
        },
      });
      const { id } = await bench.runs.startRun(starter, { slug, parameters: {} });
      await voteOnNext(ada);
      expect((await bench.ended(id)).state).toBe('failed');
      const { id: again } = await rerun(bench.engine.operations, starter, { id, parameters: {}, from: 'failed' });
      await voteOnNext(ada);
      const ended = await bench.ended(again);
      expect(ended.steps.map((one) => [one.step, one.reusedFrom])).toEqual([
        ['before', id],
        ['step', null],
        ['bad', null],
      ]);
    }
  });

  test('test data stands for no decision, but in a dry run', async () => {
    const ada = await member('viewer');
    const slug = await bench.apply({ steps: { sign: { use: 'approval', with: { approvers: ada.label } } } });
    const testData = { sign: { value: { by: ['nobody'] } } };
    await expect(bench.runs.startRun(starter, { slug, parameters: {}, testData, mode: 'normal' })).rejects.toMatchObject({ code: 'test_data.decision' });
    for (const more of [{ testData }, { mode: 'dry' as const }]) {
      const { id } = await bench.runs.startRun(starter, { slug, parameters: {}, ...more });
      expect((await bench.ended(id)).state).toBe('succeeded');
    }
    expect(await mine(ada)).toEqual([]);
  });
});

describe('how it ends', () => {
  test('one rejection ends it, and the step says who and why', async () => {
    const role = newRole();
    const [ada] = [await member(role), await member(role)];
    const asked = await ask({ approvers: `role.${role}`, quorum: 2 });
    expect(await vote(ada, asked, { decision: 'reject', comment: 'the dates are wrong' })).toMatchObject({ outcome: 'rejected' });
    const ended = await bench.ended(asked.run);
    expect([ended.state, sign(ended)?.error]).toMatchObject([
      'failed',
      { code: 'approval.rejected', message: `it was rejected by ${ada.label}: the dates are wrong` },
    ]);
  });

  test('with rejectEnds false the others go on, until nobody is left who could make the quorum', async () => {
    const role = newRole();
    const [ada, ben, carol] = [await member(role), await member(role), await member(role)];
    const asked = await ask({ approvers: `role.${role}`, quorum: 2, rejectEnds: false });
    expect(await vote(ada, asked, { decision: 'reject' })).toMatchObject({ outcome: null });
    expect(await vote(ben, asked)).toMatchObject({ outcome: null });
    expect(await vote(carol, asked, { decision: 'reject' })).toMatchObject({ outcome: 'rejected', approved: 1, rejected: 2 });
    expect((await bench.ended(asked.run)).state).toBe('failed');
  });

  test('it expires, and no vote comes through any more', async () => {
    const ada = await member('viewer');
    const asked = await ask({ approvers: ada.label, expires: '1s' });
    const ended = await bench.ended(asked.run);
    expect(sign(ended)?.error?.code).toBe('approval.expired');
    expect(await showApproval(deps, ada, asked.approval.id)).toMatchObject({ outcome: 'expired', you: { can: false } });
    await expect(insert(asked, { user: ada.userId })).rejects.toMatchObject({ constraint: 'approval_vote_open' });
  });

  test('it is withdrawn with its run', async () => {
    const ada = await member('viewer');
    const asked = await ask({ approvers: ada.label });
    await bench.runs.cancelRun(bench.actor, asked.run);
    await bench.ended(asked.run);
    expect(await showApproval(deps, ada, asked.approval.id)).toMatchObject({ outcome: 'withdrawn' });
    await expect(vote(ada, asked)).rejects.toMatchObject({ code: 'approval.ended' });
  });

  test('two who decide at the same moment: the quorum counts both, and the run goes on once', async () => {
    const role = newRole();
    const people = await Promise.all(Array.from({ length: 6 }, () => member(role)));
    for (let round = 0; round < 5; round++) {
      const asked = await ask({ approvers: `role.${role}`, quorum: 2 });
      const came = await Promise.allSettled(people.map((who) => vote(who, asked)));
      expect(came.filter((one) => one.status === 'fulfilled')).toHaveLength(2);
      for (const one of came) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'approval.ended' });
      expect((await showApproval(deps, bench.actor, asked.approval.id)).votes).toHaveLength(2);
      expect((await bench.ended(asked.run)).state).toBe('succeeded');
    }
  });

  test('one person twice at the same moment counts once', async () => {
    const role = newRole();
    const [ada, ben] = [await member(role), await member(role)];
    const asked = await ask({ approvers: `role.${role}`, quorum: 2 });
    const came = await Promise.allSettled([1, 2, 3].map(() => vote(ada, asked)));
    expect(came.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    for (const one of came) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'approval.decided' });
    await vote(ben, asked);
    await bench.ended(asked.run);
  });
});

describe('the form', () => {
  const form = [
    { name: 'reason', title: 'Reason', type: 'choice', choices: ['regular', 'correction'], required: true },
    { name: 'amount', title: 'Amount', type: 'number' },
  ];
  test('is checked field by field, and its values go on with the run', async () => {
    const ada = await member('viewer');
    const asked = await ask({ approvers: ada.label, form });
    await expect(vote(ada, asked, { form: { amount: 'many', other: 1 } })).rejects.toMatchObject({
      code: 'approval.form',
      details: {
        faults: [
          { path: 'form.other', message: 'is no field of this form' },
          { path: 'form.reason', message: 'is required' },
          { path: 'form.amount', message: 'must be a number' },
        ],
      },
    });
    await vote(ada, asked, { form: { reason: 'regular', amount: 3 } });
    expect(sign(await bench.ended(asked.run))?.value).toMatchObject({ form: { reason: 'regular', amount: 3 } });
  });
});

describe('when nobody can decide', () => {
  test('its reason says so', async () => {
    const { id } = await bench.runs.startRun(starter, {
      slug: await bench.apply({ steps: { sign: { use: 'approval', with: { approvers: `role.${newRole()}` } } } }),
      parameters: {},
    });
    const run = await bench.until(id, (one) => sign(one)?.state === 'waiting');
    expect(sign(run)?.reason).toContain('but nobody can decide');
    await bench.runs.cancelRun(bench.actor, id);
    const [ada, role] = [await member('viewer'), newRole()];
    const asked = await ask({ approvers: [ada.label, `role.${role}`], quorum: 2 });
    expect(sign(await bench.runs.showRun(bench.actor, asked.run))?.reason).toContain('but only 1 of 2 can decide');
    await bench.runs.cancelRun(bench.actor, asked.run);
  });
});

describe('a flow that asks', () => {
  test('is warned of people and roles that nobody is there for, while it is checked', async () => {
    const [ada, role, gone] = [await member('viewer'), newRole(), await member('viewer')];
    await suspend(place, gone);
    const source = `flow: asks\ntitle: Asks\nsteps:\n  sign:\n    use: approval\n    with: { approvers: [${ada.label}, ${gone.label}, role.viewer, role.${role}] }\n`;
    const flows = {
      databases: bench.databases,
      types: bench.types,
      tableEngine: { check: async () => [] },
      connections: { list: async () => [] },
      targets: { list: async () => [] },
      uploads: { list: async () => [] },
    };
    const { valid, faults } = await validate(flows, bench.actor, source);
    expect(valid).toBe(true);
    expect(faults.map((fault) => [fault.severity, fault.path, fault.message])).toEqual([
      ['warning', 'steps.sign.with.approvers[1]', `"${gone.label}" is nobody who can approve in this workspace`],
      ['warning', 'steps.sign.with.approvers[3]', `nobody holds the role "${role}"`],
    ]);
    const blind = { ...bench.actor, permissions: new Set(['flow.read'] as const) };
    expect((await validate(flows, blind, source)).faults).toEqual([]);
  });
});

describe('mail', () => {
  test('tells each who can decide, once, with a link and nothing of the data; without a mail server it waits for one', async () => {
    const role = newRole();
    const [ada, ben, away] = [await member(role), await member('viewer'), await member(role)];
    await lend(place, { from: away, to: ben });
    const asked = await ask({ approvers: `role.${role}`, title: 'Send\nit?' }, { more: { amount: { use: 'flow.value', with: { value: '987654' } } } });
    const masterKey = randomBytes(32);
    const { databases } = bench;
    const mailing = { databases, masterKey, vault: createVault({ databases, masterKey }), workspaceId: place.workspaceId, log: captureLog().log };
    const tell = () => mailApprovals({ databases, mailer: createMailer(mailing), origin: () => 'https://tidewheel.example.org' });
    expect(await tell()).toBe(0);
    const smtp = await startSmtp({ authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'] });
    try {
      await updateMailSettings(mailing, bench.actor, {
        host: '127.0.0.1',
        port: smtp.port,
        security: 'none',
        from: 'tidewheel@example.org',
        fromName: null,
        user: null,
        certificateAuthority: null,
      });
      await tell();
      await tell();
      while (await sendNext(mailing));
      const ours = smtp.mails.map((mail) => mail.replaceAll(/=\r?\n/g, '')).filter((mail) => mail.includes(asked.approval.id));
      expect(ours.map((mail) => /^To: (.*?)\r?$/m.exec(mail)?.[1]).sort()).toEqual([ada.label, ben.label, away.label].sort());
      expect(ours[0]).toContain(`https://tidewheel.example.org/w/main/approvals/${asked.approval.id}`);
      expect(ours[0]).toContain('Subject: Approval: Send it?');
      expect(ours.join()).not.toContain('987654');
    } finally {
      await smtp.close();
    }
    await vote(ada, asked);
    await bench.ended(asked.run);
  });
});

async function voteOnNext(who: Actor): Promise<void> {
  await expect.poll(async () => (await mine(who)).length).toBe(1);
  const [next] = await mine(who);
  const approval = await showApproval(deps, who, next?.id ?? '');
  await vote(who, { run: approval.run, approval });
}

async function mine(who: Actor) {
  return (await listApprovals(deps, who, { state: 'mine', limit: 200 })).items;
}

/** A vote that passes the service by. */
async function insert({ approval }: Asked, { user, onBehalfOf = null, hash }: { user: string; onBehalfOf?: string | null; hash?: string }): Promise<void> {
  await sql`insert into approval_vote (workspace_id, id, approval_id, user_id, user_label, on_behalf_of, decision, comment, form, subject_hash)
    values (${place.workspaceId}, ${newId()}, ${approval.id}, ${user}, 'x', ${onBehalfOf}, 'approve', '', '{}', ${hash ?? approval.hash})`.execute(
    bench.databases.engine,
  );
}

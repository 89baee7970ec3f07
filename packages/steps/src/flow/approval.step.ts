import { Approver, approvalOutcomes, FormField } from '@tidewheel/contract/approval';
import { Conflict, InvalidInput, TimedOut } from '@tidewheel/contract/errors';
import { defineStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { duration, untilAfter } from './flow-values.ts';

const approvers = template({ title: 'Approvers', widget: 'approvers' });

/** Several at once, when the form or a parameter gives one text. */
function listOf(given: string | string[]): string[] {
  const all = typeof given === 'string' ? given.split(/[\s,]+/) : given;
  return [...new Set(all.filter(Boolean).map((one) => one.toLowerCase()))];
}

const Answer = z.object({
  decision: z.enum(approvalOutcomes),
  form: z.record(z.string(), z.unknown()),
  votes: z.array(z.object({ by: z.string(), onBehalfOf: z.string().nullable(), decision: z.string(), comment: z.string(), at: z.string() })),
});

export const approval = defineStep({
  type: 'approval',
  version: 1,
  ui: { title: 'Approval', group: 'Flow', icon: 'writing-sign', summary: '{{quorum}} of {{approvers}}' },
  description:
    'Waits until people approve: those named by their address, and whoever holds a role (`role.compliance`). Who started the run never decides, and nobody for him. Each person has one vote; who was lent the right by one of them votes in his place. A decision is bound to the hash of what was there when it was asked for: the version, the parameters, the texts, and what the steps before it left. One rejection ends it, unless `rejectEnds` is false. The value is `{ by, comments, form, at }`. The step fails with `approval.rejected` or `approval.expired`. No worker is taken meanwhile. In a dry run nobody is asked.',
  config: z.strictObject({
    approvers: z.union([approvers, z.array(approvers).min(1).max(100)]).meta({
      title: 'Approvers',
      description: 'Addresses and roles; who started the run does not count',
      field: 'template',
      widget: 'approvers',
      examples: ['role.compliance', ['role.compliance', 'ada@example.org']],
    }),
    title: template({ title: 'Title', description: 'What is asked, in one line; the flow and the step unless told' }).optional(),
    description: template({ title: 'Description', description: 'What they should look at before they decide' }).default(''),
    quorum: z.int().min(1).max(100).default(1).meta({ title: 'How many', description: 'So many people must approve' }),
    expires: duration('Expires after', 'It fails when it is not decided in this time').optional(),
    rejectEnds: z
      .boolean()
      .default(true)
      .meta({ title: 'One rejection ends it', description: 'Else the others go on, until nobody is left who could approve' }),
    form: z.array(FormField).max(20).default([]).meta({ title: 'Form', description: 'What those who decide fill in', widget: 'json' }),
  }),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  effects: true,
  byPeople: true,
  output: z.object({ by: z.array(z.string()), comments: z.array(z.string()), form: z.record(z.string(), z.unknown()), at: z.string() }),
  examples: [
    { title: 'Two of compliance, within eight hours', config: { approvers: 'role.compliance', quorum: 2, expires: '8h' } },
    {
      title: 'With a form',
      config: {
        approvers: ['role.compliance', 'ada@example.org'],
        title: 'Send the report of {{ today }}?',
        form: [{ name: 'reason', title: 'Reason', type: 'choice', choices: ['regular', 'correction'], required: true }],
      },
    },
  ],
  check({ approvers, form, quorum }) {
    const faults: { path: string; message: string }[] = [];
    const isComputed = JSON.stringify(approvers).includes('{{');
    const named = listOf(approvers);
    if (!isComputed && named.length === 0) faults.push({ path: 'approvers', message: 'names nobody' });
    for (const one of isComputed ? [] : named)
      if (!Approver.safeParse(one).success) faults.push({ path: 'approvers', message: `"${one.slice(0, 100)}" is neither an e-mail address nor role.<name>` });
    if (!isComputed && named.length > 0 && named.every((one) => one.includes('@')) && named.length < quorum)
      faults.push({ path: 'quorum', message: `needs ${quorum} people, but only ${named.length} are named` });
    const names = form.map((field) => field.name);
    for (const [at, field] of form.entries()) {
      if (names.indexOf(field.name) !== at) faults.push({ path: `form.${at}.name`, message: `there is a field "${field.name}" already` });
      if ((field.type === 'choice') !== (field.choices !== undefined))
        faults.push({ path: `form.${at}.choices`, message: 'belongs to a field of the type choice, which needs it' });
    }
    return faults;
  },
  async run({ approvers, title, description, quorum, expires, rejectEnds, form }, ctx) {
    const named = listOf(approvers);
    const wrong = named.find((one) => !Approver.safeParse(one).success);
    if (named.length === 0 || wrong !== undefined)
      throw new InvalidInput('approval.approvers', `with.approvers: ${wrong === undefined ? 'names nobody' : `"${wrong.slice(0, 100)}" cannot be asked`}.`, {
        hint: 'Name e-mail addresses and role.<name of a role>.',
      });
    const asked = { title: title || `${ctx.run.flow}: ${ctx.step}`, description, approvers: named, quorum, rejectEnds, form };
    const reason = `waits for ${quorum === 1 ? 'the approval' : `${quorum} approvals`} of ${named.join(' or ')}`;
    return { wait: { kind: 'approval', reason, until: await untilAfter(ctx, { field: 'expires', text: expires }), approval: asked } };
  },
  async dryRun({ approvers, quorum }, ctx) {
    ctx.log.info(`dry run: ${quorum === 1 ? 'the approval' : `${quorum} approvals`} of ${listOf(approvers).join(' or ')} would be waited for`);
    return { value: { by: [], comments: [], form: {}, at: ctx.now.toISOString() } };
  },
  async resume({ expires }, _ctx, { by, answer, at }) {
    if (by === 'time')
      throw new TimedOut('approval.expired', `nobody decided within ${expires}`, {
        hint: 'Ask those who can decide, and start the run again; or allow more time.',
      });
    const { decision, form, votes } = Answer.parse(answer);
    if (decision !== 'approved') throw rejected(votes.filter((vote) => vote.decision === 'reject'));
    const given = votes.filter((vote) => vote.decision === 'approve');
    return { value: { by: given.map((vote) => vote.by), comments: given.map((vote) => vote.comment).filter(Boolean), form, at: at.toISOString() } };
  },
});

function rejected(votes: z.output<typeof Answer>['votes']): Conflict {
  const told = votes.map((vote) => `${vote.by}${vote.onBehalfOf ? ` for ${vote.onBehalfOf}` : ''}${vote.comment ? `: ${vote.comment}` : ''}`);
  return new Conflict('approval.rejected', `it was rejected by ${told.join('; ')}`.slice(0, 4_000), {
    hint: 'Mend what was objected to, and start the run again: it is asked for anew.',
    details: { by: votes.map((vote) => vote.by) },
  });
}

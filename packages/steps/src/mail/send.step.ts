import { setTimeout } from 'node:timers/promises';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import { defineStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import type { StepContext } from '@tidewheel/kit/step-context';
import type { SentMail, StepMailContent } from '@tidewheel/kit/step-mail';
import { z } from 'zod';
import { closedLiquid } from '../reports/liquid-engine.ts';
import { renderLiquid } from '../reports/render-liquid.ts';

const mostRecipients = 500;
const lookEveryMs = 500;

const addresses = (title: string, description: string) =>
  z
    .array(template({ title: 'Address' }))
    .max(mostRecipients)
    .default([])
    .meta({ title, description, examples: [['desk@example.com']] });
const liquid = (title: string, { description, most, isLong }: { description: string; most: number; isLong: boolean }) =>
  z
    .string()
    .min(1)
    .max(most)
    .meta({ title, description, field: 'liquid', ...(isLong ? { widget: 'code', language: 'liquid' } : {}) });

const Config = z.strictObject({
  to: addresses('To', 'Addresses; one template may give several, separated by commas'),
  cc: addresses('Copy to', 'Named in the head too'),
  bcc: addresses('Blind copy to', 'Get it without being named'),
  roles: z
    .array(z.string().min(1).max(64))
    .max(20)
    .default([])
    .meta({ title: 'Roles', description: 'Everybody in the workspace who holds one of them when the step runs', examples: [['operator']] }),
  subject: liquid('Subject', { description: 'Liquid: Colors of {{ today }}', most: 500, isLong: false }).default('{{ run.flow }}, {{ today }}'),
  body: liquid('Text', { description: 'Liquid: {{ files.size }} files, {{ values.sheet.rows }} rows, {{ link }}', most: 50_000, isLong: true }).default(
    '{% for file in files %}{{ file.name }}\n{% endfor %}\n{{ link }}\n',
  ),
  files: z
    .enum(['attach', 'link', 'leave'])
    .default('attach')
    .meta({ title: 'Files of the steps before', description: 'link: their names and the way to the run, where who may sees and fetches them' }),
  maxMegabytes: z
    .number()
    .min(0.1)
    .max(50)
    .default(10)
    .meta({ title: 'Attach at most (MB)', description: 'Of all files together; beyond it the mail has the link instead' }),
  waitSeconds: z
    .number()
    .int()
    .min(0)
    .max(600)
    .default(60)
    .meta({ title: 'Wait for the mail server (s)', description: 'What is not sent by then stays in the outbox and is tried for two days' }),
});
type Config = z.output<typeof Config>;

export const mailSend = defineStep({
  type: 'mail.send',
  version: 1,
  ui: { title: 'Send a mail', group: 'Delivery', icon: 'mail-forward', summary: '{{subject}} to {{to}} {{roles}}' },
  description: `Mails the files of the steps before it to a list: addresses, copies, blind copies, and everybody who holds a role. Subject and text are Liquid templates that see \`files\` (name, size in
bytes, sha256), \`values.<step>\`, \`parameters\`, \`run\` (\`id\`, \`number\`, \`flow\`), \`today\`, \`now\` and \`link\`, the way to the run.

Each address gets a mail of its own from the outbox of this installation, all with the same Message-ID and the same head. They are put there in one transaction, once for each address however often the step is
tried: an address that has it gets no second one. A mail goes out at least once; one whose sender died may have arrived (*unknown*) and is sent again under its Message-ID, by which mail systems know it as one.
The step waits for the mail server a while and says what came of each address; what is refused for good fails it. Files beyond \`maxMegabytes\` are not attached, the mail then has the link.`,
  config: Config,
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  output: z.object({
    messageId: z.string(),
    attached: z.number().int(),
    recipients: z.array(z.object({ to: z.string(), state: z.enum(['waiting', 'sending', 'unknown', 'sent', 'failed']), error: z.string().nullable() })),
  }),
  effects: true,
  retry: { attempts: 4 },
  examples: [
    {
      title: 'The sheet to everybody who waits for it',
      config: {
        to: ['desk@example.com', 'sales@example.com'],
        bcc: ['archive@example.com'],
        subject: 'Colors of {{ today }}',
        body: 'Good morning,\n\nthe sheet of {{ today }} has {{ values.sheet.rows }} rows.\n',
      },
    },
    { title: 'A line to who operates', config: { roles: ['operator'], files: 'link', subject: '{{ run.flow }} is through', body: '{{ link }}\n' } },
  ],
  check({ to, cc, bcc, roles, subject, body }) {
    const faults = Object.entries({ subject, body }).flatMap(([path, text]) => {
      const message = templateFault(text);
      return message === undefined ? [] : [{ path, message }];
    });
    if (to.length + cc.length + bcc.length + roles.length === 0) faults.push({ path: 'to', message: 'name at least one address or role' });
    return faults;
  },
  async run(config, ctx) {
    const content = await contentOf(config, ctx);
    await ctx.mail.enqueue(content);
    ctx.log.info(`In the outbox for ${everybody(content)}: "${content.subject}", ${content.files.length} files attached.`);
    const startedAt = new Date();
    const sent = await settled(config, ctx);
    await record(ctx, { content, sent, startedAt });
    const failed = sent.filter(({ state }) => state === 'failed');
    for (const { to, state, error } of sent.filter(({ state: came }) => came !== 'sent')) ctx.log.warn(`${to}: ${state}${error === null ? '' : `, ${error}`}.`);
    if (failed.length > 0)
      throw new InvalidInput('mail.not_sent', `${failed.length} of ${sent.length} mails were refused: ${failed[0]?.to}: ${failed[0]?.error ?? ''}`, {
        hint: 'Correct the address, then run the step again: who has the mail gets no second one in the same run.',
        details: { failed: failed.slice(0, 50).map(({ to, error }) => ({ to, error })) },
      });
    const recipients = sent.map(({ to, state, error }) => ({ to, state, error }));
    return { value: { messageId: sent[0]?.messageId ?? '', attached: content.files.length, recipients } };
  },
  async dryRun(config, ctx) {
    const content = await contentOf(config, ctx);
    ctx.log.info(`Dry run: would mail "${content.subject}" to ${everybody(content)}, with ${content.files.length} files attached.`);
    return { value: { messageId: '', attached: 0, recipients: [] } };
  },
});

function templateFault(text: string): string | undefined {
  try {
    closedLiquid().parse(text);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

function everybody({ to, cc, bcc }: StepMailContent): string {
  const all = [...to, ...cc, ...bcc];
  return all.length <= 10 ? all.join(', ') : `${all.slice(0, 10).join(', ')} and ${all.length - 10} more`;
}

async function contentOf(config: Config, ctx: StepContext): Promise<StepMailContent> {
  const members = config.roles.length === 0 ? [] : await ctx.mail.membersOf(config.roles);
  const known = new Set<string>();
  const [to, cc, bcc] = [[...addressesOf(config.to), ...members], addressesOf(config.cc), addressesOf(config.bcc)].map((list) =>
    list.filter((address) => isNew(known, address)),
  ) as [string[], string[], string[]];
  const count = to.length + cc.length + bcc.length;
  if (count === 0)
    throw new InvalidInput('mail.nobody', 'There is nobody to mail to: no address is given, and nobody holds these roles.', {
      hint: 'Give an address, or a role that somebody holds.',
    });
  if (count > mostRecipients)
    throw new InvalidInput('mail.too_many', `${count} addresses are more than the ${mostRecipients} of one mail.`, {
      hint: 'Mail to a list of your mail system.',
    });
  const files = config.files === 'leave' ? [] : Object.values(ctx.inputs).flatMap((input) => input.files);
  const isAttached = config.files === 'attach' && fits(files, config, ctx);
  const link = await ctx.mail.runLink();
  const { subject, text } = await texts(config, { ctx, files, link });
  return {
    to,
    cc,
    bcc,
    subject,
    text: isAttached || files.length === 0 ? text : `${text.trimEnd()}\n\n${linked(files, link)}`,
    files: isAttached ? files : [],
  };
}

/** Each address is named once, at its first place. */
function isNew(known: Set<string>, address: string): boolean {
  const key = address.toLowerCase();
  if (known.has(key)) return false;
  known.add(key);
  return true;
}

function addressesOf(given: readonly string[]): string[] {
  const all = given
    .flatMap((text) => text.split(/[,;]/))
    .map((text) => text.trim())
    .filter((text) => text !== '');
  for (const address of all)
    if (address.length > 254 || !z.email().safeParse(address).success)
      throw new InvalidInput('mail.address', `${JSON.stringify(address.slice(0, 254))} is no mail address.`, {
        hint: 'As desk@example.com; several are separated by commas.',
      });
  return all;
}

function fits(files: readonly FileRef[], { maxMegabytes }: Config, { log }: StepContext): boolean {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes <= maxMegabytes * 1e6) return true;
  log.warn(`${files.length} files of ${(bytes / 1e6).toFixed(1)} MB are more than ${maxMegabytes} MB: the mail has the link instead.`);
  return false;
}

async function texts(
  config: Config,
  { ctx, files, link }: { ctx: StepContext; files: readonly FileRef[]; link: string },
): Promise<{ subject: string; text: string }> {
  const { id, number, flow } = ctx.run;
  const scope = {
    files: files.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
    values: Object.fromEntries(Object.values(ctx.inputs).map(({ step, value }) => [step, value ?? null])),
    parameters: ctx.parameters,
    run: { id, number, flow },
    today: ctx.today,
    now: ctx.now.toISOString(),
    link,
  };
  const render = (text: string) => renderLiquid({ template: text, scope }, ctx.signal);
  // A head is one line, whatever a value holds.
  const subject = (await render(config.subject))
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300)
    .toWellFormed();
  if (subject === '') throw new InvalidInput('mail.no_subject', 'The subject came out empty.', { hint: 'Look at what its template names.' });
  return { subject, text: (await render(config.body)).replaceAll('\0', '').toWellFormed() };
}

function linked(files: readonly FileRef[], link: string): string {
  const lines = files.map(({ name, size }) => `- ${name} (${size < 1e6 ? `${Math.ceil(size / 1e3)} kB` : `${(size / 1e6).toFixed(1)} MB`})`);
  return `Too large to attach, or not to be attached; who may sign in fetches them here:\n${link}\n${lines.join('\n')}\n`;
}

/** All of them through, or the time is up. */
async function settled({ waitSeconds }: Config, ctx: StepContext): Promise<SentMail[]> {
  const until = performance.now() + waitSeconds * 1000;
  for (;;) {
    const sent = await ctx.mail.sent();
    const done = sent.filter(({ state }) => state === 'sent' || state === 'failed').length;
    ctx.progress({ items: done, total: sent.length });
    if (done === sent.length || performance.now() >= until) return sent;
    await setTimeout(lookEveryMs, undefined, { signal: ctx.signal });
  }
}

/** A receipt for each file, once everybody has it or somebody never will. */
async function record(ctx: StepContext, { content, sent, startedAt }: { content: StepMailContent; sent: SentMail[]; startedAt: Date }): Promise<void> {
  const failed = sent.filter(({ state }) => state === 'failed');
  if (failed.length === 0 && sent.some(({ state }) => state !== 'sent')) return;
  const ms = Date.now() - startedAt.getTime();
  const about = { connection: 'mail', destination: `mailto:${everybody(content)}`, startedAt, ms };
  for (const file of content.files)
    await ctx.recordDelivery(
      failed.length > 0
        ? {
            ...about,
            file,
            state: 'failed',
            error: `mail.not_sent: ${failed
              .map(({ to }) => to)
              .join(', ')
              .slice(0, 500)}`,
          }
        : { ...about, file, state: 'delivered', receipt: { messageId: sent[0]?.messageId, recipients: sent.length } },
    );
}

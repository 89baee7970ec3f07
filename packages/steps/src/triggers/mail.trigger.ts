import { createHash } from 'node:crypto';
import type { FileRef } from '@tidewheel/contract/values';
import { definePollingTrigger, type TriggerContext, type TriggerFinding, type TriggerItem, type TriggerLook } from '@tidewheel/kit/define-trigger';
import { connection } from '@tidewheel/kit/fields';
import type { ImapFlow } from 'imapflow';
import PostalMime, { type Address, type Email } from 'postal-mime';
import { z } from 'zod';
import { ImapSecret, ImapTarget, mostMessageBytes, withImap } from '../imap/imap-session.ts';

/** Of one look; the others follow at once. */
const mostMails = 50;
const mostText = 20_000;

const MailTriggerConfig = z.strictObject({
  connection: connection('imap', { title: 'Connection', description: 'A mailbox' }),
  mailbox: z.string().min(1).max(500).default('INBOX').meta({ title: 'Mailbox' }),
  from: z
    .array(z.string().min(1).max(320))
    .max(50)
    .default([])
    .meta({
      title: 'Only from',
      description: 'Addresses; @example.com stands for all of that domain',
      examples: [['reports@bank.example', '@exchange.example']],
    }),
  subject: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Only with this subject', description: 'With * for anything: Positions *', examples: ['Positions *'] }),
  withAttachments: z.boolean().default(false).meta({ title: 'Only with attachments' }),
  everySeconds: z.number().int().min(5).max(86_400).default(60).meta({ title: 'Look every (s)' }),
  afterwards: z
    .enum(['seen', 'move', 'nothing'])
    .default('seen')
    .meta({ title: 'What fired is then', description: 'seen: marked as read. move: moved to another mailbox' }),
  moveTo: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ title: 'Moved to', examples: ['Archive'] }),
  existing: z.enum(['ignored', 'fires']).default('ignored').meta({ title: 'What is there already', description: 'When the trigger looks for the first time' }),
});
type MailTriggerConfig = z.output<typeof MailTriggerConfig>;

export const mailTrigger = definePollingTrigger({
  kind: 'mail',
  title: 'E-mail',
  icon: 'mail',
  description: 'Fires when a mail comes into a mailbox, once for each. Its attachments are files that the step trigger.event hands on.',
  config: MailTriggerConfig,
  event: z.object({
    messageId: z.string().nullable(),
    from: z.string().describe('The address'),
    fromName: z.string(),
    to: z.array(z.string()),
    subject: z.string(),
    date: z.string().nullable(),
    text: z.string().describe('The first 20,000 characters of its text'),
    attachments: z.array(z.object({ name: z.string(), size: z.number(), mediaType: z.string() })),
  }),
  examples: [{ title: 'Positions of the bank', config: { connection: 'desk-mail', from: ['@bank.example'], subject: 'Positions *', withAttachments: true } }],
  check: ({ afterwards, moveTo }) => (afterwards === 'move' && moveTo === undefined ? [{ path: 'moveTo', message: 'is needed where mails are moved' }] : []),
  everySeconds: (config) => config.everySeconds,
  look: (config, ctx) => inMailbox(config, ctx, (client) => lookAt(client, config, ctx)),
  test: (config, ctx) =>
    inMailbox(config, ctx, async (client) => {
      const box = await opened(client, config, { readOnly: true });
      const fresh = await uidsAfter(client, cursorOf(config, ctx, box) ?? box.last);
      const lines: { title: string; detail: string }[] = [];
      for (const uid of fresh.slice(0, 20)) lines.push(await tested(client, config, uid));
      const fit = lines.filter(({ detail }) => detail === fires).length;
      const more = fresh.length > lines.length ? ` of the first ${lines.length}` : '';
      return { ok: true, summary: `${config.mailbox} has ${box.count} messages; ${fresh.length} are new, and ${fit}${more} would fire now.`, lines };
    }),
});

const fires = 'would fire now';

interface Box {
  validity: string;
  count: number;
  /** The newest UID there can be now. */
  last: number;
}

async function inMailbox<T>(config: MailTriggerConfig, ctx: TriggerContext, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const open = await ctx.connection(config.connection);
  const secret = open.secret && ImapSecret.parse(open.secret);
  return withImap({ config: ImapTarget.parse(open.config), secret, signal: ctx.signal }, work);
}

async function opened(client: ImapFlow, { mailbox }: MailTriggerConfig, { readOnly }: { readOnly: boolean }): Promise<Box> {
  const { uidValidity, uidNext, exists } = await client.mailboxOpen(mailbox, { readOnly });
  return { validity: String(uidValidity), count: exists, last: Number(uidNext) - 1 };
}

/** The UID up to which all is done; null: nothing was looked at yet, and what is there is old. A mailbox that was made anew is looked through from its start. */
function cursorOf({ existing, mailbox }: MailTriggerConfig, { memory }: TriggerContext, { validity }: Box): number | null {
  if (memory === null) return existing === 'fires' ? 0 : null;
  return memory['validity'] === validity && memory['mailbox'] === mailbox ? Number(memory['uid']) : 0;
}

async function uidsAfter(client: ImapFlow, uid: number): Promise<number[]> {
  const found = await client.search({ uid: `${uid + 1}:*` }, { uid: true });
  // `5:*` finds the newest message also when that is number 4.
  return (found || []).filter((one) => one > uid).sort((a, b) => a - b);
}

async function lookAt(client: ImapFlow, config: MailTriggerConfig, ctx: TriggerContext): Promise<TriggerLook> {
  const box = await opened(client, config, { readOnly: false });
  const memory = (uid: number) => ({ mailbox: config.mailbox, validity: box.validity, uid });
  const cursor = cursorOf(config, ctx, box);
  if (cursor === null) return { findings: [], memory: memory(box.last) };
  await settle(client, config, { ctx, box });
  const fresh = await uidsAfter(client, cursor);
  const taken = fresh.slice(0, mostMails);
  const found: { uid: number; finding: TriggerFinding; item: TriggerItem }[] = [];
  for (const uid of taken) {
    const mail = await fetched(client, uid);
    if (typeof mail === 'string') found.push({ uid, ...unreadable(mail, { uid, box, ctx }) });
    else if (fits(config, mail)) found.push({ uid, ...(await findingOf(mail, { uid, box, ctx })) });
  }
  const seen = await ctx.items(found.map(({ item }) => item.key));
  const fresher = found.filter(({ item }) => !seen.has(item.key));
  const last = taken.at(-1) ?? Math.max(cursor, box.last);
  return {
    findings: fresher.map(({ finding }) => finding),
    items: fresher.map(({ item }) => item),
    // Those that fire are marked or moved at the next look: then it is certain that they did.
    memory: { ...memory(fresh.length > taken.length ? last : Math.max(last, cursor)), fired: fresher.map(({ uid }) => uid) },
    more: fresh.length > taken.length || fresher.length > 0,
  };
}

/** What fired at the look before, whose runs have started. */
async function settle(client: ImapFlow, { afterwards, moveTo }: MailTriggerConfig, { ctx, box }: { ctx: TriggerContext; box: Box }): Promise<void> {
  const before = ctx.memory?.['fired'];
  const fired = Array.isArray(before) && ctx.memory?.['validity'] === box.validity ? before.filter((uid) => typeof uid === 'number') : [];
  if (fired.length === 0 || afterwards === 'nothing') return;
  const range = fired.join(',');
  if (afterwards === 'seen') await client.messageFlagsAdd(range, ['\\Seen'], { uid: true });
  else if (moveTo !== undefined) await client.messageMove(range, moveTo, { uid: true });
}

/** @returns why it cannot be taken, as a text */
async function fetched(client: ImapFlow, uid: number): Promise<Email | string> {
  const facts = await client.fetchOne(String(uid), { size: true }, { uid: true });
  if (!facts) return 'it went away';
  if ((facts.size ?? 0) > mostMessageBytes) return `it has ${facts.size} bytes; at most ${mostMessageBytes} are read`;
  const message = await client.fetchOne(String(uid), { source: true }, { uid: true });
  const source = message ? message.source : undefined;
  if (!source) return 'it went away';
  return PostalMime.parse(source, { maxNestingDepth: 50 }).catch((thrown: Error) => `it cannot be read: ${thrown.message}`);
}

interface Found {
  uid: number;
  box: Box;
  ctx: TriggerContext;
}

function unreadable(why: string, { uid, box, ctx }: Found): { finding: TriggerFinding; item: TriggerItem } {
  const key = `message ${box.validity}:${uid}`;
  return { finding: { key, title: `message ${uid}`, event: { uid }, refused: why }, item: { key, version: '', since: ctx.now, done: true } };
}

function fits({ from, subject, withAttachments }: MailTriggerConfig, mail: Email): boolean {
  const sender = addressOf(mail.from).toLowerCase();
  const knows = from.length === 0 || from.some((one) => (one.startsWith('@') ? sender.endsWith(one.toLowerCase()) : sender === one.toLowerCase()));
  return knows && (subject === undefined || fitsSubject(mail.subject ?? '', subject)) && (!withAttachments || mail.attachments.length > 0);
}

/** Only `*` means something; compared without regard to case. */
export function fitsSubject(subject: string, pattern: string): boolean {
  const [head = '', ...parts] = pattern.toLowerCase().split('*');
  const text = subject.toLowerCase();
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const [place, part] of parts.entries()) {
    const isLast = place === parts.length - 1;
    const found = isLast ? text.length - part.length : text.indexOf(part, at);
    if (found < at || !text.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return at === text.length || parts.length > 0;
}

function addressOf(address: Address | undefined): string {
  return address?.address ?? address?.group?.[0]?.address ?? '';
}

async function findingOf(mail: Email, { uid, box, ctx }: Found): Promise<{ finding: TriggerFinding; item: TriggerItem }> {
  const files: FileRef[] = [];
  for (const [place, { filename, mimeType, content }] of mail.attachments.entries()) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
    files.push(await ctx.keep({ name: plainFileName(filename, place), mediaType: mimeType || 'application/octet-stream' }, bytes));
  }
  const subject = (mail.subject ?? '').slice(0, 1000);
  const identity = mail.messageId ?? `${box.validity}:${uid}`;
  const event = {
    messageId: mail.messageId?.slice(0, 1000) ?? null,
    from: addressOf(mail.from).slice(0, 320),
    fromName: (mail.from?.name ?? '').slice(0, 320),
    to: (mail.to ?? []).map(addressOf).slice(0, 20),
    subject,
    date: mail.date ?? null,
    text: (mail.text ?? '').slice(0, mostText).toWellFormed(),
    attachments: files.slice(0, 100).map(({ name, size, mediaType }) => ({ name, size, mediaType })),
  };
  const item = { key: `mail ${createHash('sha256').update(identity).digest('hex')}`, version: '', since: ctx.now, done: true };
  return { finding: { key: item.key, title: subject || '(no subject)', event, files: files.slice(0, 100) }, item };
}

/** A sender may call an attachment anything. */
function plainFileName(name: string | null | undefined, place: number): string {
  const plain = (name ?? '')
    .replace(/^.*[/\\]/, '')
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 150);
  return plain === '' || plain === '.' || plain === '..' ? `attachment-${place + 1}` : plain;
}

async function tested(client: ImapFlow, config: MailTriggerConfig, uid: number): Promise<{ title: string; detail: string }> {
  const mail = await fetched(client, uid);
  if (typeof mail === 'string') return { title: `message ${uid}`, detail: mail };
  return { title: `${mail.subject ?? '(no subject)'} from ${addressOf(mail.from)}`.slice(0, 300), detail: fits(config, mail) ? fires : 'does not fit' };
}

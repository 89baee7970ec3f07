// Who is told of a notification event, by which channel, in which words, and what became of each message. Events themselves: notification.ts.
import { z } from 'zod';
import { Folder, Id, Instant, Slug } from './identifiers.ts';
import { NotificationObject, Severity } from './notification.ts';
import { JsonSchema } from './step-type.ts';

/** The two channels that every workspace has. */
export const builtInChannels = ['email', 'in-app'] as const;

export const ChannelType = z
  .object({
    type: z.string(),
    title: z.string(),
    icon: z.string(),
    description: z.string(),
    /** Carried by the server itself; there is one of it in each workspace. */
    builtIn: z.boolean(),
    config: JsonSchema,
    secret: JsonSchema.nullable().describe('The schema of its secret part, kept in the vault; null when it has none'),
    examples: z.array(z.object({ title: z.string(), config: z.record(z.string(), z.unknown()) })),
  })
  .meta({ id: 'ChannelType' });
export type ChannelType = z.infer<typeof ChannelType>;

export const Channel = z
  .object({
    slug: Slug,
    title: z.string(),
    type: z.string(),
    builtIn: z.boolean(),
    enabled: z.boolean().describe('Off: what would go this way is left out, with that reason'),
    reaches: z.enum(['people', 'place']).describe('people: each recipient by himself; place: one message for all'),
    config: z.record(z.string(), z.unknown()),
    hasSecret: z.boolean(),
    restingUntil: Instant.nullable().describe('The far side asked for fewer messages: nothing is sent before'),
    updatedAt: Instant.nullable(),
  })
  .meta({ id: 'NotificationChannel' });
export type Channel = z.infer<typeof Channel>;

const words = (most: number) => z.array(z.string().min(1).max(200)).max(most);
/** `finance*` fits whatever begins so. */
const Patterns = words(100);

export const RuleMatch = z
  .strictObject({
    kinds: Patterns.default([]).describe('Of these kinds: run.failed, run.*; empty: any'),
    flows: Patterns.default([]).describe('About these flows, by slug or prefix*; empty: any, also what is about none'),
    folders: z.array(Folder).max(100).default([]).describe('About flows in these folders and below'),
    flowKinds: z.array(z.enum(['pipeline', 'report', 'job', 'color'])).default([]),
    owners: words(100).default([]).describe('About flows of these people, by e-mail address: whoever saved the newest version'),
    startedBy: words(100).default([]).describe('About runs that these started; prefix* fits too'),
    minSeverity: Severity.optional(),
    durationOverSeconds: z.number().positive().max(31_536_000).optional().describe('The run took longer'),
    durationTimesUsual: z
      .number()
      .min(1)
      .max(1_000)
      .optional()
      .describe('The run took so many times what it takes usually (the median of the last 20 that succeeded)'),
    errorPattern: z.string().min(1).max(500).optional().describe('RE2 regular expression found in the error message'),
    errorCodes: Patterns.default([]).describe('With these error codes: egress.*'),
  })
  .meta({ id: 'NotificationRuleMatch' });
export type RuleMatch = z.infer<typeof RuleMatch>;

const Address = z.email().max(254).toLowerCase();

export const RuleRecipients = z
  .strictObject({
    starter: z.boolean().default(false).describe('Whoever started the run'),
    owner: z.boolean().default(false).describe('Whoever saved the newest version of the flow'),
    watchers: z.boolean().default(false).describe('Whoever watches the flow'),
    approvers: z.boolean().default(false).describe('Of an approval: whoever may decide'),
    people: z.array(Address).max(200).default([]).describe('Members, by e-mail address'),
    roles: z.array(Slug).max(50).default([]),
    teams: z.array(Slug).max(50).default([]),
    addresses: z.array(Address).max(200).default([]).describe('E-mail addresses of who has no account'),
  })
  .meta({ id: 'NotificationRuleRecipients' });
export type RuleRecipients = z.infer<typeof RuleRecipients>;

export const RuleContent = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    enabled: z.boolean().default(true),
    match: RuleMatch.default(RuleMatch.parse({})),
    to: RuleRecipients.default(RuleRecipients.parse({})),
    channels: z.array(Slug).min(1).max(20),
    template: Slug.nullable().default(null).describe('Null: the one for the kind of event'),
    severity: Severity.optional().describe('Told with this severity, whatever the event says'),
    groupMinutes: z.number().int().min(0).max(1_440).default(10).describe('Further ones like it within that time become one message; 0: none are'),
    perHour: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(60)
      .describe('To one recipient by one channel; what is over becomes one message at the end of the hour'),
    evenMuted: z.boolean().default(false).describe('For critical work: also to who muted the flow or this outcome; quiet hours count still'),
  })
  .meta({ id: 'NotificationRuleContent' });
export type RuleContent = z.infer<typeof RuleContent>;

export const Rule = z
  .object({
    slug: Slug,
    builtIn: z.boolean().describe('Every workspace has it; archived, it is as it was at first'),
    changed: z.boolean().describe('Of a built-in one: somebody changed it here'),
    content: RuleContent,
    updatedAt: Instant.nullable(),
    updatedBy: z.string().nullable(),
  })
  .meta({ id: 'NotificationRule' });
export type Rule = z.infer<typeof Rule>;

export const TeamContent = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    people: z.array(Address).max(500).default([]),
    roles: z.array(Slug).max(50).default([]),
    addresses: z.array(Address).max(200).default([]),
  })
  .meta({ id: 'NotificationTeamContent' });
export type TeamContent = z.infer<typeof TeamContent>;
export const Team = z.object({ slug: Slug, content: TeamContent, updatedAt: Instant, updatedBy: z.string() }).meta({ id: 'NotificationTeam' });
export type Team = z.infer<typeof Team>;

export const templateLimits = { subject: 500, text: 20_000, html: 60_000 };
/** Liquid over event, run, flow, recipient, workspace, link, reason and more. */
export const TemplateContent = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    kinds: Patterns.default([]).describe('Used for these kinds without being named by a rule: run.*'),
    subject: z.string().min(1).max(templateLimits.subject),
    text: z.string().min(1).max(templateLimits.text),
    html: z.string().max(templateLimits.html).default('').describe('Values are escaped; empty: made of the text'),
    short: z.string().max(templateLimits.subject).default('').describe('For places with little room; empty: the subject'),
    inAppTitle: z.string().max(templateLimits.subject).default('').describe('Behind the bell; empty: the subject'),
    inAppText: z.string().max(templateLimits.text).default('').describe('Below it, plain text; empty: as the event says it'),
  })
  .meta({ id: 'NotificationTemplateContent' });
export type TemplateContent = z.infer<typeof TemplateContent>;

export const Template = z
  .object({
    slug: Slug,
    builtIn: z.boolean(),
    version: z.number().int().describe('0: as it came with the product'),
    content: TemplateContent,
    createdAt: Instant.nullable(),
    createdBy: z.string().nullable(),
  })
  .meta({ id: 'NotificationTemplate' });
export type Template = z.infer<typeof Template>;

export const RenderedMessage = z
  .object({ subject: z.string(), text: z.string(), html: z.string(), short: z.string(), inAppTitle: z.string(), inAppText: z.string() })
  .meta({ id: 'RenderedMessage' });
export type RenderedMessage = z.infer<typeof RenderedMessage>;

const TimeZone = z.string().max(60).refine(isTimeZone, 'must be an IANA time zone: Europe/Paris');

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 07:30');

export const NotificationPreferences = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Off: nothing at all'),
    outcomes: z.enum(['failure', 'success', 'all']).default('failure').describe('Of runs that I started or own'),
    mutedChannels: z.array(Slug).max(50).default([]),
    watch: z.array(Slug).max(200).default([]).describe('Flows of which I am told every end'),
    mute: z.array(Slug).max(200).default([]).describe('Flows of which I am told nothing'),
    timeZone: TimeZone.default('UTC'),
    quietHours: z
      .strictObject({ from: TimeOfDay, to: TimeOfDay })
      .nullable()
      .default(null)
      .describe('In my zone; what comes then is sent when they end. Also over midnight'),
    digest: z.enum(['off', 'hourly', 'daily']).default('off').describe('One message with everything instead of one each'),
    digestAt: TimeOfDay.default('08:00').describe('Of a daily digest, in my zone'),
    criticalAtOnce: z.boolean().default(true).describe('What is critical waits neither for quiet hours nor for a digest'),
  })
  .meta({ id: 'NotificationPreferences' });
export type NotificationPreferences = z.infer<typeof NotificationPreferences>;

/** One entry behind the bell. */
export const InboxItem = z
  .object({
    id: Id,
    kind: z.string(),
    severity: Severity,
    title: z.string(),
    text: z.string(),
    object: NotificationObject.nullable(),
    flow: Slug.nullable(),
    more: z.number().int().describe('So many more like it were folded into this one'),
    at: Instant,
    readAt: Instant.nullable(),
  })
  .meta({ id: 'InboxItem' });
export type InboxItem = z.infer<typeof InboxItem>;

/**
 * `waiting`: to be sent at `dueAt`; `sending`; `sent`; `unknown`: a sender ended in the middle, so it may have arrived, and it is sent again under the
 * same id; `failed`: given up, to be sent again by hand; `left_out`: not sent, with the reason; `folded`: part of another message.
 */
export const messageStates = ['waiting', 'sending', 'sent', 'unknown', 'failed', 'left_out', 'folded'] as const;
export const MessageState = z.enum(messageStates);
export type MessageState = z.infer<typeof MessageState>;

export const NotificationMessage = z
  .object({
    id: Id.describe('Also its Message-ID and webhook-id'),
    event: Id.nullable(),
    kind: z.string(),
    severity: Severity,
    title: z.string(),
    flow: Slug.nullable(),
    rule: z.string(),
    channel: z.string(),
    to: z.string().nullable().describe('An e-mail address; null: the place that the channel leads to, or a role hides it'),
    state: MessageState,
    reason: z.string().nullable().describe('Why it was left out, folded or put off'),
    attempts: z.number().int(),
    dueAt: Instant.nullable(),
    sentAt: Instant.nullable(),
    answer: z.string().nullable().describe('What the far side said'),
    error: z.string().nullable(),
    more: z.number().int(),
    partOf: Id.nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'NotificationMessage' });
export type NotificationMessage = z.infer<typeof NotificationMessage>;

export const NotifierStatus = z
  .object({
    running: z.boolean().describe('False: stopped by somebody. What happens meanwhile is kept'),
    stoppedAt: Instant.nullable(),
    stoppedBy: z.string().nullable(),
    alive: z.boolean().describe('Whether a process with the scheduler role worked in the last 15 s'),
    lastRoundAt: Instant.nullable(),
    events: z.number().int().describe('Not yet turned into messages'),
    waiting: z.number().int(),
    sending: z.number().int(),
    unknown: z.number().int(),
    failed: z.number().int(),
    oldestDueAt: Instant.nullable(),
  })
  .meta({ id: 'NotifierStatus' });
export type NotifierStatus = z.infer<typeof NotifierStatus>;

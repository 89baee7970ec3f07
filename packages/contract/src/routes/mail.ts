import { z } from 'zod';
import { Id, Instant } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';

export const mailSecurities = ['starttls', 'tls', 'none'] as const;
export const mailStates = ['waiting', 'sent', 'failed'] as const;

const Server = z.object({
  host: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an address'),
  port: z.number().int().min(1).max(65_535),
  /** `starttls` refuses a server that does not offer it; `none` is for a relay on this machine or in a closed network. */
  security: z.enum(mailSecurities),
  /** PEM of the authority that signed the server's certificate, when it is not a public one. */
  certificateAuthority: z.string().max(65_536).nullable(),
  user: z.string().min(1).max(320).nullable(),
  from: z.email().max(254),
  fromName: z
    .string()
    .max(100)
    .regex(/^[^\r\n]*$/, 'must be one line')
    .nullable(),
});

/** How this installation sends mail; the password is never shown. */
export const MailServer = Server.extend({ hasPassword: z.boolean(), updatedAt: Instant, updatedBy: z.string() }).meta({ id: 'MailServer' });
export type MailServer = z.infer<typeof MailServer>;
/** `server` is null while mail is not configured: then nothing is sent, and what needs mail says `mail.not_configured`. */
export const MailSettings = z.object({ configured: z.boolean(), server: MailServer.nullable() }).meta({ id: 'MailSettings' });
export type MailSettings = z.infer<typeof MailSettings>;

export const MailServerInput = Server.extend({
  security: z.enum(mailSecurities).default('starttls'),
  certificateAuthority: Server.shape.certificateAuthority.default(null),
  user: Server.shape.user.default(null),
  fromName: Server.shape.fromName.default(null),
  /** Left out: the stored one stays, if host, port and user do. */
  password: z.string().min(1).max(1_024).optional(),
});
export type MailServerInput = z.infer<typeof MailServerInput>;

/** A mail on its way or done. Its text is not kept in clear: it may hold a one-time link. */
export const OutboxMail = z
  .object({
    id: Id,
    purpose: z.string(),
    to: z.string(),
    subject: z.string(),
    state: z.enum(mailStates),
    attempts: z.number().int(),
    createdAt: Instant,
    nextAttemptAt: Instant.nullable(),
    sentAt: Instant.nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'OutboxMail' });
export type OutboxMail = z.infer<typeof OutboxMail>;

export const showMailSettings = defineRoute({
  name: 'mail.show',
  method: 'GET',
  path: '/api/mail/settings',
  tag: 'Mail',
  access: 'mail.edit',
  summary: 'How this installation sends mail',
  response: MailSettings,
});
export const updateMailSettings = defineRoute({
  name: 'mail.update',
  method: 'PUT',
  path: '/api/mail/settings',
  tag: 'Mail',
  access: 'mail.edit',
  summary: 'Set the mail server',
  description: 'A password that is left out stays as it is, unless host, port or user change: it is never sent to a server it was not entered for.',
  body: MailServerInput,
  response: MailSettings,
});
export const removeMailSettings = defineRoute({
  name: 'mail.remove',
  method: 'DELETE',
  path: '/api/mail/settings',
  tag: 'Mail',
  access: 'mail.edit',
  summary: 'Stop sending mail and forget the mail server',
  response: MailSettings,
});
export const testMail = defineRoute({
  name: 'mail.test',
  method: 'POST',
  path: '/api/mail/test',
  tag: 'Mail',
  access: 'mail.edit',
  cost: 'expensive',
  summary: 'Send a test mail now and answer with what the mail server said',
  body: z.object({ to: z.email().max(254) }),
  response: z.object({ messageId: z.string(), answer: z.string(), ms: z.number().int() }),
});
export const listOutbox = defineRoute({
  name: 'mail.outbox',
  method: 'GET',
  path: '/api/mail/outbox',
  tag: 'Mail',
  access: 'mail.edit',
  summary: 'List mails, newest first',
  query: PageQuery.extend({ state: z.enum(mailStates).optional() }),
  response: pageOf(OutboxMail),
});

// The mail server's settings, the test mail and the list of mails.
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { MailServerInput, MailSettings, OutboxMail } from '@tidewheel/contract/routes/mail';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { redactor } from '../../base/redactor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { Databases } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { deleteServer, findMails, findServer, lockServer, type MailServerRow, saveServer } from './mail.store.ts';
import { type MailVault, passwordPurpose } from './mail-vault-port.ts';
import { type PlainMail, type SmtpServer, sendBySmtp } from './smtp.ts';

export interface MailDeps {
  databases: Databases;
  vault: MailVault;
  masterKey: Buffer;
  /** Where files of mails are read; needed by who sends. */
  objects?: Pick<ObjectStore, 'read'>;
  /** Where the password lies in the vault. */
  workspaceId: string;
}

const mailObject = { type: 'mail-server', id: 'mail-server', title: 'Mail server' };

export async function showMailSettings({ databases }: MailDeps, actor: Actor): Promise<MailSettings> {
  requirePermission(actor, 'mail.edit');
  return shown(await findServer(databases.engine));
}

function shown(row: MailServerRow | undefined): MailSettings {
  if (!row) return { configured: false, server: null };
  const server = {
    ...smtpServerOf(row),
    hasPassword: row.credential_id !== null,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
  return { configured: true, server };
}

export function smtpServerOf(row: MailServerRow): SmtpServer {
  return {
    host: row.host,
    port: row.port,
    security: row.security,
    certificateAuthority: row.certificate_authority,
    user: row.user_name,
    from: row.from_address,
    fromName: row.from_name,
  };
}

/** @throws InvalidInput */
export async function updateMailSettings(deps: MailDeps, actor: Actor, input: MailServerInput): Promise<MailSettings> {
  requirePermission(actor, 'mail.edit');
  if (input.user === null && input.password !== undefined) throw fault('password', 'is of no use without a user');
  return deps.databases.engine.transaction().execute(async (trx) => {
    const before = await lockServer(trx);
    const kept = keepsPassword(before, input) ? before.credential_id : null;
    if (input.user !== null && input.password === undefined && kept === null) throw fault('password', passwordAgain(before));
    const { workspaceId } = deps;
    const credentialId =
      input.password === undefined
        ? kept
        : await deps.vault.seal(trx, {
            workspaceId,
            credentialId: before?.credential_id ?? undefined,
            purpose: passwordPurpose,
            secret: { password: input.password },
          });
    await saveServer(trx, {
      host: input.host,
      port: input.port,
      security: input.security,
      certificate_authority: input.certificateAuthority,
      user_name: input.user,
      workspace_id: workspaceId,
      credential_id: credentialId,
      from_address: input.from,
      from_name: input.fromName,
      updated_by: actor.label,
    });
    if (before?.credential_id && credentialId === null) await deps.vault.remove(trx, { workspaceId, credentialId: before.credential_id });
    const after = shown(await findServer(trx));
    await recordAudit(trx, actor, { action: 'mail.settings_changed', object: mailObject, before: before && shown(before).server, after: after.server });
    return after;
  });
}

// A stored password goes to the server it was entered for and, once encrypted, never in clear: else who may edit could read it elsewhere.
function keepsPassword(before: MailServerRow | undefined, input: MailServerInput): before is MailServerRow {
  if (!before || input.user === null) return false;
  const isSameServer = before.host === input.host && before.port === input.port && before.user_name === input.user;
  return isSameServer && before.security === input.security && before.certificate_authority === input.certificateAuthority;
}

function passwordAgain(before: MailServerRow | undefined): string {
  return before?.credential_id ? 'must be entered again when host, port, encryption, certificate or user change' : 'is missing for this user';
}

function fault(path: string, message: string): InvalidInput {
  return new InvalidInput('mail.settings', `${path}: ${message}`, { details: { faults: [{ path, message, severity: 'error' }] } });
}

export async function removeMailSettings({ databases, vault }: MailDeps, actor: Actor): Promise<MailSettings> {
  requirePermission(actor, 'mail.edit');
  return databases.engine.transaction().execute(async (trx) => {
    const before = await lockServer(trx);
    await deleteServer(trx);
    if (before?.credential_id) await vault.remove(trx, { workspaceId: before.workspace_id, credentialId: before.credential_id });
    if (before) await recordAudit(trx, actor, { action: 'mail.settings_removed', object: mailObject, before: shown(before).server });
    return shown(undefined);
  });
}

export function notConfigured(): Conflict {
  return new Conflict('mail.not_configured', 'This installation has no mail server, so no mail can be sent.', {
    hint: 'An administrator sets it under Admin > Mail or with `tidewheel mail set`.',
  });
}

/** Sends now, past the outbox, so that whoever set the server sees what it says. @throws Conflict, Unreachable, InvalidInput */
export async function sendTestMail(deps: MailDeps, actor: Actor, { to }: { to: string }): Promise<{ messageId: string; answer: string; ms: number }> {
  requirePermission(actor, 'mail.edit');
  const row = await findServer(deps.databases.engine);
  if (!row) throw notConfigured();
  const messageId = messageIdOf(newId(), row.from_address);
  const startedAt = performance.now();
  const text = `This is a test mail of Tidewheel, sent for ${actor.label}.\nMail works.\n`;
  const answer = await sendThrough(deps, row, { messageId, to, subject: 'Test mail of Tidewheel', text });
  return { messageId, answer, ms: Math.round(performance.now() - startedAt) };
}

export function messageIdOf(id: string, from: string): string {
  return `<${id}@${from.split('@').at(-1) ?? 'localhost'}>`;
}

/** The password is open while the mail is sent, and taken out of what the server says. */
export async function sendThrough({ vault }: Pick<MailDeps, 'vault'>, row: MailServerRow, mail: PlainMail): Promise<string> {
  const server = smtpServerOf(row);
  if (row.credential_id === null) return sendBySmtp({ server, password: null, mail });
  const opened = await vault.open({ workspaceId: row.workspace_id, credentialId: row.credential_id, purpose: passwordPurpose });
  try {
    return redactor.text(await sendBySmtp({ server, password: String(opened.secret['password'] ?? ''), mail }));
  } catch (thrown) {
    throw redactor.error(thrown);
  } finally {
    opened.release();
  }
}

export function listOutbox(
  { databases }: MailDeps,
  actor: Actor,
  { state, ...page }: PageRequest & { state?: OutboxMail['state'] | undefined },
): Promise<Page<OutboxMail>> {
  requirePermission(actor, 'mail.edit');
  return findMails(databases.engine, { state }, page);
}

// The outbox: what was put in within a transaction is sent by a process with the scheduler role, at least once. A mail that a dying sender
// may have handed over already goes out again under the same Message-ID, by which mail systems know it as one.
import { setTimeout } from 'node:timers/promises';
import { deriveKey, nonceLength, openBytes, sealBytes } from '../../base/aead.ts';
import { newId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import { type MailDeps, messageIdOf, notConfigured, sendThrough } from './mail.service.ts';
import {
  claimMail,
  findServer,
  forgetOldMail,
  insertMail,
  type MailDb,
  markFailed,
  markSent,
  type NewOutboxMail,
  type OutboxRow,
  postpone,
  renewClaim,
} from './mail.store.ts';
import type { PlainMail } from './smtp.ts';

export interface OutgoingMail {
  /** What it is for, as the list shows it: `password.reset`. */
  purpose: string;
  to: string;
  subject: string;
  text: string;
  /** The same in HTML, for who reads that. */
  html?: string;
  /** Left out: a new one. The Message-ID is made of it, and a mail with an id that is there already is not put in, unless that one was given up. */
  id?: string;
  /** What the Message-ID is made of, where several mails are one; left out: the id. */
  group?: string;
  /** Of a step: whom the head names besides, and its files. */
  step?: NewOutboxMail['step'];
  /** No attempt after that. */
  usefulUntil: Date;
}

/** Renewed while a mail is on its way, which takes minutes with large files on a slow line: what a sender that died held goes out again after this. */
const claimSeconds = 180;
const firstWaitSeconds = 10;
const longestWaitSeconds = 1_800;
const pauseMs = 1_000;
const forgetEveryMs = 3_600_000;

function textKey(masterKey: Buffer): Buffer {
  return deriveKey(masterKey, 'mail/outbox');
}

/** Puts a mail into the outbox of the caller's transaction. @throws Conflict when mail is not configured */
export async function enqueueMail({ masterKey }: Pick<MailDeps, 'masterKey'>, trx: MailDb, mail: OutgoingMail): Promise<void> {
  const server = await findServer(trx);
  if (!server) throw notConfigured();
  const { id = newId(), text, html } = mail;
  const plain = Buffer.from(html === undefined ? text : JSON.stringify({ text, html }));
  const { nonce, ciphertext } = sealBytes({ key: textKey(masterKey), bound: Buffer.from(id), plain });
  await insertMail(trx, {
    id,
    messageId: messageIdOf(mail.group ?? id, server.from_address),
    purpose: mail.purpose,
    to: mail.to,
    subject: mail.subject,
    sealedText: Buffer.concat([nonce, ciphertext]),
    hasHtml: html !== undefined,
    usefulUntil: mail.usefulUntil,
    step: mail.step ?? null,
  });
}

/** The mailer that other parts get. */
export function createMailer(deps: Pick<MailDeps, 'masterKey' | 'databases'>) {
  return {
    isConfigured: async () => (await findServer(deps.databases.engine)) !== undefined,
    enqueue: (trx: MailDb, mail: OutgoingMail) => enqueueMail(deps, trx, mail),
  };
}

function openText(masterKey: Buffer, { id, sealed_text, has_html }: OutboxRow): { text: string; html?: string } {
  const bytes = sealed_text ?? Buffer.alloc(0);
  const sealed = { nonce: bytes.subarray(0, nonceLength), ciphertext: bytes.subarray(nonceLength) };
  const plain = openBytes({ key: textKey(masterKey), bound: Buffer.from(id), sealed }).toString();
  return has_html ? (JSON.parse(plain) as { text: string; html: string }) : { text: plain };
}

/** @throws NotFound when a file is gone: then it stays so */
async function headAndFiles({ objects }: Pick<MailDeps, 'objects'>, { envelope }: OutboxRow): Promise<Pick<PlainMail, 'named' | 'files'>> {
  if (envelope === null) return {};
  const files = envelope.files.map(async ({ name, mediaType, sha256 }) => {
    if (!objects) throw new TypeError('no objects to read files of mails from');
    return { name, mediaType, content: await objects.read(envelope.workspaceId, sha256) };
  });
  return { named: { to: envelope.to, cc: envelope.cc }, files: await Promise.all(files) };
}

/** Seconds before the attempt that follows the `attempts`-th. */
export function waitAfter(attempts: number): number {
  return Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** Math.min(20, attempts - 1));
}

/** Sends one mail that is due. @returns whether there was one */
export async function sendNext(deps: MailDeps & { log: Logger }, { claimFor = claimSeconds }: { claimFor?: number } = {}): Promise<boolean> {
  const db = deps.databases.engine;
  const mail = await claimMail(db, claimFor);
  if (!mail) return false;
  const renew = setInterval(() => void renewClaim(db, mail, claimFor).catch(() => undefined), (claimFor * 1_000) / 3);
  try {
    await sendClaimed(deps, mail);
  } finally {
    clearInterval(renew);
  }
  return true;
}

async function sendClaimed(deps: MailDeps & { log: Logger }, mail: OutboxRow): Promise<void> {
  const db = deps.databases.engine;
  if (mail.useful_until <= new Date())
    return markFailed(db, mail, mail.error === null ? 'It was no longer of use when it came up.' : `Given up in time: ${mail.error}`);
  try {
    const server = await findServer(db);
    if (!server) throw notConfigured();
    const content = { messageId: mail.message_id, to: mail.to_address, subject: mail.subject, ...openText(deps.masterKey, mail) };
    await sendThrough(deps, server, { ...content, ...(await headAndFiles(deps, mail)) });
    await markSent(db, mail);
  } catch (error) {
    await noteFailure(deps, mail, error);
  }
}

async function noteFailure({ databases, log }: MailDeps & { log: Logger }, mail: OutboxRow, thrown: unknown): Promise<void> {
  const { code = 'mail.failed', message = String(thrown) } = thrown as { code?: string; message?: string };
  log.warn({ mail: mail.id, purpose: mail.purpose, attempt: mail.attempts, code }, `mail not sent: ${message}`);
  const error = message.slice(0, 1_000);
  // A refused recipient, a text that no key opens and a file that is gone stay so; a wrong password or a server that is away do not.
  if (code === 'mail.refused' || code === 'seal.broken' || code === 'object.missing') return markFailed(databases.engine, mail, error);
  return postpone(databases.engine, mail, { error, seconds: waitAfter(mail.attempts) });
}

/** Sends until stopped. @returns stop, which lets the mail under way be sent */
export function startOutbox(deps: MailDeps & { log: Logger }): () => Promise<void> {
  const stopping = new AbortController();
  let forgottenAt = 0;
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        if (await sendNext(deps)) continue;
        if (Date.now() - forgottenAt > forgetEveryMs) {
          forgottenAt = Date.now();
          await forgetOldMail(deps.databases.engine);
        }
      } catch (error) {
        deps.log.warn({ err: error }, 'The outbox could not be read; trying again.');
      }
      await setTimeout(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const done = work();
  return () => {
    stopping.abort();
    return done;
  };
}

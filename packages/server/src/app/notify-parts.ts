// What notifications stand on in this process, and with the scheduler role everything that sends to people.
import { channels } from '@tidewheel/steps/notify/channels';
import type { Logger } from '../base/logger.ts';
import type { Settings } from '../base/settings.ts';
import { startApprovalMails } from '../engine/waits/approval-mails.ts';
import { startNotificationRetention } from '../platform/events/notification.service.ts';
import { abilityOf } from '../platform/identity/access.ts';
import { findMemberAccess } from '../platform/identity/access-lock.store.ts';
import type { MailDeps } from '../platform/mail/mail.service.ts';
import { createMailer, startOutbox } from '../platform/mail/outbox.ts';
import { findPeople } from '../platform/notify/dispatch/people.store.ts';
import type { NotifyDeps, Reachable } from '../platform/notify/ports.ts';
import { createRenderer } from '../platform/notify/render/renderer.ts';
import { createNotifier } from '../platform/notify/send/notifier.ts';
import type { Vault } from '../platform/vault/vault.service.ts';
import type { Databases } from '../storage/database.ts';

export function openNotify(options: {
  settings: Settings;
  mail: MailDeps;
  vault: Vault;
  databases: Databases;
  reached: () => string;
  log: Logger;
  closers: AsyncDisposableStack;
}): NotifyDeps {
  const { settings, mail, vault, databases, reached, log, closers } = options;
  const renderer = createRenderer();
  closers.defer(() => renderer.close());
  const deps = { databases, vault, mailer: createMailer(mail), channels, renderer, reachable: reachableIn(databases), origin: reached, log };
  if (!settings.roles.has('scheduler')) return deps;
  closers.defer(startOutbox({ ...mail, log }));
  closers.defer(startApprovalMails({ databases, mailer: deps.mailer, origin: reached, log }));
  closers.defer(startNotificationRetention({ databases, log }));
  const notifier = createNotifier(deps);
  notifier.start();
  closers.defer(() => notifier.stop());
  return deps;
}

export function reachableIn({ engine }: Pick<Databases, 'engine'>): NotifyDeps['reachable'] {
  return async (workspaceId, ids) => {
    const members = (await findMemberAccess(engine, { workspaceId, ids })).filter(({ suspended }) => !suspended);
    return new Map(members.map(({ id, email, name, access }): [string, Reachable] => [id, { id, email, name, ability: abilityOf(access) }]));
  };
}

/** Addresses of the people who hold one of these roles. */
export function membersIn({ engine }: Pick<Databases, 'engine'>): (workspaceId: string, roles: readonly string[]) => Promise<string[]> {
  return (workspaceId, roles) =>
    engine.transaction().execute(async (trx) => {
      const people = await findPeople(trx, { workspaceId, ids: [], emails: [], roles });
      return people.filter(({ isLocal }) => !isLocal).map(({ email }) => email);
    });
}

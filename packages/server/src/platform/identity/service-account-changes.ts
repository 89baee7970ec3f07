// What the change log may take back of service accounts. A key is shown once and kept as a hash: none comes back.
import { NotFound } from '@tidewheel/contract/errors';
import type { ServiceAccount } from '@tidewheel/contract/routes/service-accounts';
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange } from '../../base/change-module.ts';
import type { IdentityDb } from './identity.store.ts';
import { type ChangedAccount, deleteServiceAccount, setServiceAccountSuspended, showServiceAccount, updateServiceAccount } from './service-accounts.service.ts';
import { slugOfLabel } from './service-accounts.store.ts';

export function serviceAccountChanges(db: IdentityDb): ChangeModule {
  const suspend = async (actor: Actor, change: LoggedChange, isSuspended: boolean) => {
    const { slug } = await accountOf(db, actor, change);
    await setServiceAccountSuspended(db, actor, { slug, isSuspended });
  };
  return {
    name: 'service-accounts',
    title: 'Service accounts',
    sees: 'service_account.read',
    reverts: {
      'service_account.created': async (actor, change) => void (await deleteServiceAccount(db, actor, (await accountOf(db, actor, change)).slug)),
      'service_account.updated': async (actor, change) => {
        const present = await accountOf(db, actor, change);
        const changed = fieldsBack({ change, present }) as ChangedAccount;
        await updateServiceAccount(db, actor, { slug: present.slug, changed });
      },
      'service_account.suspended': (actor, change) => suspend(actor, change, false),
      'service_account.restored': (actor, change) => suspend(actor, change, true),
    },
    shows: {
      'service_account.deleted': 'Its keys were erased with it: make the account again, and a key for it.',
      'service_key.created': 'Revoke the key: what it did stays done.',
      'service_key.revoked': 'A key is kept as a hash alone: make another.',
      'service_key.rotated': 'A key is kept as a hash alone: rotate it again.',
    },
  };
}

async function accountOf(db: IdentityDb, actor: Actor, { object }: LoggedChange): Promise<ServiceAccount> {
  const found = await showServiceAccount(db, actor, slugOfLabel(object.title));
  if (found.id !== object.id) throw new NotFound('service_account.unknown', `The service account of then is no longer there; "${found.slug}" is another one.`);
  return found;
}

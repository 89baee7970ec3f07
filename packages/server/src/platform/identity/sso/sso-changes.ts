// What the change log may take back of single sign-on. A client secret is in no log: what needs another one says so instead of coming back half.
import { NotFound } from '@tidewheel/contract/errors';
import type { SsoMapping, SsoProviderChange } from '@tidewheel/contract/routes/sso';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange, superseded } from '../../../base/change-module.ts';
import { removeProvider, type SsoDeps, saveMapping, updateProvider } from './providers.service.ts';
import { findProvider, type Provider } from './providers.store.ts';

type Deps = Pick<SsoDeps, 'db' | 'masterKey'>;
type Noted = Record<string, unknown> & { hasSecret?: boolean; newSecret?: boolean };

/** Addresses of answers are of the site that is asked; a revert shows none. */
const origin = '';

export function ssoChanges(deps: Deps): ChangeModule {
  return {
    name: 'sso',
    title: 'Single sign-on',
    sees: 'sso.edit',
    reverts: {
      'sso_provider.created': async (actor, change) => void (await removeProvider(deps, actor, (await providerOf(deps, actor, change)).slug)),
      'sso_provider.updated': async (actor, change) => {
        const present = await providerOf(deps, actor, change);
        refuseSecret(change);
        const back = fieldsBack({ change: { ...change, before: fieldsOf(change.before), after: fieldsOf(change.after) }, present });
        await updateProvider(deps, actor, { slug: present.slug, change: back as SsoProviderChange, origin });
      },
      'sso_mapping.changed': async (actor, change) => {
        const { slug, mapping } = await providerOf(deps, actor, change);
        const back = fieldsBack({ change, present: mapping }) as Partial<SsoMapping>;
        await saveMapping(deps, actor, { slug, mapping: { ...mapping, ...back }, origin });
      },
    },
    shows: {
      'sso_provider.removed': 'Its secret and the links of its users were erased with it: add it again.',
    },
  };
}

function refuseSecret(change: LoggedChange): void {
  const [before, after] = [change.before as Noted, change.after as Noted];
  if (after.newSecret || before.hasSecret !== after.hasSecret)
    throw superseded(change, `The client secret of "${change.object.title}" was changed with it, and the one before is kept nowhere.`);
}

/** Without what is no setting of its own, or has a change of its own. */
function fieldsOf(noted: unknown): Record<string, unknown> {
  const { hasSecret: _has, newSecret: _new, mapping: _mapping, id: _id, slug: _slug, ...fields } = noted as Noted;
  return fields;
}

async function providerOf({ db }: Deps, actor: Actor, { object }: LoggedChange): Promise<Provider> {
  requirePermission(actor, 'sso.edit');
  const found = await findProvider(db, { id: object.id });
  if (!found) throw new NotFound('sso.unknown_provider', `The provider "${object.title}" is no longer there.`);
  return found;
}

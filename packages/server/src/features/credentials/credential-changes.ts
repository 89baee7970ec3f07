// What the change log may take back of credentials: what people see of them, and a rotation as long as its grace lasts.
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange } from '../../base/change-module.ts';
import { type CredentialDeps, restoreCredential, showCredential, updateCredential } from './credentials.service.ts';

export function credentialChanges(deps: CredentialDeps): ChangeModule {
  return {
    name: 'credentials',
    title: 'Credentials',
    sees: 'credential.read',
    reverts: {
      'credential.updated': async (actor, change) => {
        const back = await backOf(deps, actor, change);
        await updateCredential(deps, actor, { slug: change.object.title, ...back });
      },
      'credential.rotated': async (actor, change) => {
        await backOf(deps, actor, change);
        await restoreCredential(deps, actor, change.object.title);
      },
    },
    shows: {
      'credential.created': 'A secret that was given is not taken back: archive the credential.',
      'credential.archived': 'Its secret was erased: make the credential again.',
      'credential.restored': 'The secret that it replaced was erased: rotate it again.',
    },
  };
}

/** @throws Conflict when it was changed or rotated again since */
async function backOf(deps: CredentialDeps, actor: Actor, change: LoggedChange): Promise<Record<string, unknown>> {
  return fieldsBack({ change, present: await showCredential(deps, actor, change.object.title) });
}

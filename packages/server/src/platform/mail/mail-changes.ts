// What the change log may take back of the mail server. Its password is in no log: settings that need another one are refused with that reason.
import type { MailServerInput } from '@tidewheel/contract/routes/mail';
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange } from '../../base/change-module.ts';
import { type MailDeps, removeMailSettings, showMailSettings, updateMailSettings } from './mail.service.ts';

export function mailChanges(deps: MailDeps): ChangeModule {
  return {
    name: 'mail',
    title: 'Mail server',
    sees: 'mail.edit',
    reverts: {
      'mail.settings_changed': (actor, change) => revertSettings(deps, actor, change),
      'mail.settings_removed': async (actor, { before }) => void (await updateMailSettings(deps, actor, stable(before) as MailServerInput)),
    },
  };
}

async function revertSettings(deps: MailDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const { server } = await showMailSettings(deps, actor);
  const back = fieldsBack({ change: { ...change, before: stable(change.before), after: stable(change.after) }, present: stable(server) });
  if (change.before === null) await removeMailSettings(deps, actor);
  else await updateMailSettings(deps, actor, { ...stable(server), ...back } as MailServerInput);
}

/** Without what is no setting: when and by whom, and whether there is a password. */
function stable(server: unknown): Record<string, unknown> {
  const { updatedAt: _at, updatedBy: _by, hasPassword: _has, ...settings } = (server ?? {}) as Record<string, unknown>;
  return settings;
}

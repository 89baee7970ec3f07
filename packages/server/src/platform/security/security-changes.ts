// What the change log may take back of the limits, the web sites and the way out. Rates go back class by class, so that another class keeps what was set since.
import type { SecuritySettings, SecuritySettingsInput } from '@tidewheel/contract/routes/security';
import { type ChangeModule, fieldsBack, type LoggedChange } from '../../base/change-module.ts';
import { type SecurityDeps, showSecurity, updateSecurity } from './security.service.ts';

export function securityChanges(deps: SecurityDeps): ChangeModule {
  return {
    name: 'security',
    title: 'Security settings',
    sees: 'security.edit',
    reverts: {
      'security.settings_changed': async (actor, change) => {
        const present = await showSecurity(deps, actor);
        const limits = fieldsBack({ change: withoutRates(change), present });
        const rates = fieldsBack({ change: ratesOf(change), present: present.rates });
        await updateSecurity(deps, actor, { ...limits, rates } as SecuritySettingsInput);
      },
    },
  };
}

type Logged = Partial<SecuritySettings>;

function withoutRates(change: LoggedChange): LoggedChange {
  const { rates: _before, ...before } = change.before as Logged;
  const { rates: _after, ...after } = change.after as Logged;
  return { ...change, before, after };
}

function ratesOf(change: LoggedChange): LoggedChange {
  return { ...change, before: (change.before as Logged).rates, after: (change.after as Logged).rates };
}

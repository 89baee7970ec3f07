import * as routes from '@tidewheel/contract/routes/mail';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { listOutbox, type MailDeps, removeMailSettings, sendTestMail, showMailSettings, updateMailSettings } from './mail.service.ts';

export function mailEndpoints(deps: MailDeps): Endpoint[] {
  return [
    endpoint(routes.showMailSettings, async ({ actor }) => showMailSettings(deps, actor)),
    endpoint(routes.updateMailSettings, async ({ actor, body }) => updateMailSettings(deps, actor, body)),
    endpoint(routes.removeMailSettings, async ({ actor }) => removeMailSettings(deps, actor)),
    endpoint(routes.testMail, async ({ actor, body }) => sendTestMail(deps, actor, body)),
    endpoint(routes.listOutbox, async ({ actor, query }) => listOutbox(deps, actor, query)),
  ];
}

// HTTP only: joins the routes of the contract with the services.
import * as channels from '@tidewheel/contract/routes/channels';
import * as messages from '@tidewheel/contract/routes/notification-messages';
import * as rules from '@tidewheel/contract/routes/notification-rules';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { countInbox, listInbox, readInbox, savePreferences, showPreferences } from './inbox/inbox.service.ts';
import { listMessages, resendMessages, showNotifier, startNotifier, stopNotifier } from './inbox/log.service.ts';
import type { NotifyDeps } from './ports.ts';
import { archiveChannel, listChannels, listChannelTypes, saveChannel, showChannel, testChannel } from './settings/channels.service.ts';
import { archiveRule, archiveTeam, listRules, listTeams, saveRule, saveTeam, showRule } from './settings/rules.service.ts';
import { archiveTemplate, listTemplates, previewTemplate, saveTemplate, showTemplate } from './settings/templates.service.ts';

export function notifyEndpoints(deps: NotifyDeps): Endpoint[] {
  return [...settingsEndpoints(deps), ...messageEndpoints(deps)];
}

function settingsEndpoints(deps: NotifyDeps): Endpoint[] {
  return [
    endpoint(channels.listChannelTypes, async ({ actor }) => listChannelTypes(deps, actor)),
    endpoint(channels.listChannels, ({ actor }) => listChannels(deps, actor)),
    endpoint(channels.showChannel, ({ actor, params }) => showChannel(deps, actor, params.slug)),
    endpoint(channels.saveChannel, ({ actor, params, body }) => saveChannel(deps, actor, { slug: params.slug, ...body })),
    endpoint(channels.archiveChannel, ({ actor, params }) => archiveChannel(deps, actor, params.slug)),
    endpoint(channels.testChannel, ({ actor, params }) => testChannel(deps, actor, params.slug)),
    endpoint(rules.listRules, ({ actor }) => listRules(deps, actor)),
    endpoint(rules.showRule, ({ actor, params }) => showRule(deps, actor, params.slug)),
    endpoint(rules.saveRule, ({ actor, params, body }) => saveRule(deps, actor, { slug: params.slug, content: body })),
    endpoint(rules.archiveRule, ({ actor, params }) => archiveRule(deps, actor, params.slug)),
    endpoint(rules.listTeams, ({ actor }) => listTeams(deps, actor)),
    endpoint(rules.saveTeam, ({ actor, params, body }) => saveTeam(deps, actor, { slug: params.slug, content: body })),
    endpoint(rules.archiveTeam, ({ actor, params }) => archiveTeam(deps, actor, params.slug)),
    endpoint(rules.listTemplates, ({ actor }) => listTemplates(deps, actor)),
    endpoint(rules.showTemplate, ({ actor, params }) => showTemplate(deps, actor, params.slug)),
    endpoint(rules.saveTemplate, ({ actor, params, body }) => saveTemplate(deps, actor, { slug: params.slug, content: body })),
    endpoint(rules.archiveTemplate, ({ actor, params }) => archiveTemplate(deps, actor, params.slug)),
    endpoint(rules.previewTemplate, ({ actor, body }) => previewTemplate(deps, actor, body)),
  ];
}

function messageEndpoints(deps: NotifyDeps): Endpoint[] {
  return [
    endpoint(messages.listInbox, ({ actor, query }) => listInbox(deps, actor, query)),
    endpoint(messages.countInbox, ({ actor }) => countInbox(deps, actor)),
    endpoint(messages.readInbox, ({ actor, body }) => readInbox(deps, actor, body)),
    endpoint(messages.showPreferences, ({ actor }) => showPreferences(deps, actor)),
    endpoint(messages.savePreferences, ({ actor, body }) => savePreferences(deps, actor, body)),
    endpoint(messages.listMessages, ({ actor, query }) => listMessages(deps, actor, query)),
    endpoint(messages.resendMessages, ({ actor, body }) => resendMessages(deps, actor, body)),
    endpoint(messages.showNotifier, ({ actor }) => showNotifier(deps, actor)),
    endpoint(messages.stopNotifier, ({ actor }) => stopNotifier(deps, actor)),
    endpoint(messages.startNotifier, ({ actor }) => startNotifier(deps, actor)),
  ];
}

// What the change log may take back of notifications. Secrets are in no log: a channel that comes back needs its secret again.
import type { RuleContent, TeamContent, TemplateContent } from '@tidewheel/contract/notify';
import type { ChannelInput } from '@tidewheel/contract/routes/channels';
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange } from '../../base/change-module.ts';
import type { NotifyDeps } from './ports.ts';
import { archiveChannel, saveChannel, showChannel } from './settings/channels.service.ts';
import { archiveRule, archiveTeam, listTeams, saveRule, saveTeam, showRule } from './settings/rules.service.ts';
import { archiveTemplate, saveTemplate, showTemplate } from './settings/templates.service.ts';

interface Kind<T> {
  present(actor: Actor, slug: string): Promise<T>;
  save(actor: Actor, slug: string, content: T): Promise<unknown>;
  archive(actor: Actor, slug: string): Promise<unknown>;
}

export function notifyChanges(deps: NotifyDeps): ChangeModule {
  const channels: Kind<ChannelInput> = {
    present: async (actor, slug) => settingsOf(await showChannel(deps, actor, slug)),
    save: (actor, slug, content) => saveChannel(deps, actor, { slug, ...settingsOf(content) }),
    archive: (actor, slug) => archiveChannel(deps, actor, slug),
  };
  const rules: Kind<RuleContent> = {
    present: async (actor, slug) => (await showRule(deps, actor, slug)).content,
    save: (actor, slug, content) => saveRule(deps, actor, { slug, content }),
    archive: (actor, slug) => archiveRule(deps, actor, slug),
  };
  const teams: Kind<TeamContent> = {
    present: async (actor, slug) => (await listTeams(deps, actor)).find((team) => team.slug === slug)?.content ?? ({} as TeamContent),
    save: (actor, slug, content) => saveTeam(deps, actor, { slug, content }),
    archive: (actor, slug) => archiveTeam(deps, actor, slug),
  };
  const templates: Kind<TemplateContent> = {
    present: async (actor, slug) => (await showTemplate(deps, actor, slug)).current.content,
    save: (actor, slug, content) => saveTemplate(deps, actor, { slug, content }),
    archive: (actor, slug) => archiveTemplate(deps, actor, slug),
  };
  return {
    name: 'notifications',
    title: 'Notifications',
    sees: 'channel.read',
    reverts: {
      'channel.saved': (actor, change) => revertSaved(channels, actor, { ...change, before: settings(change.before), after: settings(change.after) }),
      'channel.archived': async (actor, { object, before }) => void (await channels.save(actor, object.title, before as ChannelInput)),
      'notification.rule_saved': (actor, change) => revertSaved(rules, actor, change),
      'notification.rule_archived': async (actor, { object, before }) => void (await rules.save(actor, object.title, before as RuleContent)),
      'notification.team_saved': (actor, change) => revertSaved(teams, actor, change),
      'notification.team_archived': async (actor, { object, before }) => void (await teams.save(actor, object.title, before as TeamContent)),
      'notification.template_saved': (actor, change) => revertSaved(templates, actor, change),
      'notification.template_archived': async (actor, { object, before }) => void (await templates.save(actor, object.title, before as TemplateContent)),
    },
  };
}

async function revertSaved<T extends object>(kind: Kind<T>, actor: Actor, change: LoggedChange): Promise<void> {
  const present = await kind.present(actor, change.object.title);
  const back = fieldsBack({ change, present });
  if (change.before === null) await kind.archive(actor, change.object.title);
  else await kind.save(actor, change.object.title, { ...present, ...back });
}

/** Whether there is a secret, and that it was replaced, is told and not taken back: the one before is gone. */
function settingsOf({ title, type, enabled, config }: ChannelInput): ChannelInput {
  return { title, type, enabled, config };
}
function settings(logged: unknown): unknown {
  return logged === null ? null : settingsOf(logged as ChannelInput);
}

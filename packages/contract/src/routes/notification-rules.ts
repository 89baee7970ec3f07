// Which events are told to whom, and in which words: rules, teams, templates.
import { z } from 'zod';
import { Id, Slug } from '../identifiers.ts';
import { RenderedMessage, Rule, RuleContent, Team, TeamContent, Template, TemplateContent } from '../notify.ts';
import { defineRoute } from '../route.ts';

const slugParam = z.object({ slug: Slug });
const tag = 'Notifications';

export const listRules = defineRoute({
  name: 'notification_rule.list',
  method: 'GET',
  path: '/api/notification-rules',
  tag,
  access: 'channel.read',
  summary: 'List notification rules',
  response: z.array(Rule),
});
export const showRule = defineRoute({
  name: 'notification_rule.show',
  method: 'GET',
  path: '/api/notification-rules/{slug}',
  tag,
  access: 'channel.read',
  summary: 'Show a notification rule',
  params: slugParam,
  response: Rule,
});
export const saveRule = defineRoute({
  name: 'notification_rule.save',
  method: 'PUT',
  path: '/api/notification-rules/{slug}',
  tag,
  access: 'channel.edit',
  summary: 'Create or change a notification rule',
  params: slugParam,
  body: RuleContent,
  response: Rule,
});
export const archiveRule = defineRoute({
  name: 'notification_rule.archive',
  method: 'DELETE',
  path: '/api/notification-rules/{slug}',
  tag,
  access: 'channel.edit',
  summary: 'Remove a notification rule; a built-in one is as it was at first',
  params: slugParam,
  response: Rule,
});
export const listTeams = defineRoute({
  name: 'notification_team.list',
  method: 'GET',
  path: '/api/notification-teams',
  tag,
  access: 'channel.read',
  summary: 'List teams of recipients',
  response: z.array(Team),
});
export const saveTeam = defineRoute({
  name: 'notification_team.save',
  method: 'PUT',
  path: '/api/notification-teams/{slug}',
  tag,
  access: 'channel.edit',
  summary: 'Create or change a team of recipients',
  params: slugParam,
  body: TeamContent,
  response: Team,
});
export const archiveTeam = defineRoute({
  name: 'notification_team.archive',
  method: 'DELETE',
  path: '/api/notification-teams/{slug}',
  tag,
  access: 'channel.edit',
  summary: 'Remove a team of recipients that no rule names',
  params: slugParam,
  response: Team,
});
export const listTemplates = defineRoute({
  name: 'notification_template.list',
  method: 'GET',
  path: '/api/notification-templates',
  tag,
  access: 'channel.read',
  summary: 'List message templates',
  response: z.array(Template),
});
export const showTemplate = defineRoute({
  name: 'notification_template.show',
  method: 'GET',
  path: '/api/notification-templates/{slug}',
  tag,
  access: 'channel.read',
  summary: 'Show a message template, the newest version first',
  params: slugParam,
  response: z.object({ current: Template, versions: z.array(Template) }),
});
export const saveTemplate = defineRoute({
  name: 'notification_template.save',
  method: 'PUT',
  path: '/api/notification-templates/{slug}',
  tag,
  access: 'channel.edit',
  cost: 'expensive',
  summary: 'Save a new version of a message template',
  description: 'It is rendered with a sample event first; what cannot be rendered is refused with its place.',
  params: slugParam,
  body: TemplateContent,
  response: Template,
});
export const archiveTemplate = defineRoute({
  name: 'notification_template.archive',
  method: 'DELETE',
  path: '/api/notification-templates/{slug}',
  tag,
  access: 'channel.edit',
  summary: 'Remove a message template; a built-in one is as it was at first',
  params: slugParam,
  response: Template,
});
export const previewTemplate = defineRoute({
  name: 'notification_template.preview',
  method: 'POST',
  path: '/api/notification-template-previews',
  tag,
  access: 'channel.edit',
  cost: 'expensive',
  summary: 'Render a message template with an event, or with a sample',
  body: z.strictObject({ content: TemplateContent, event: Id.optional().describe('A notification event; left out: a sample of a failed run') }),
  response: RenderedMessage,
});

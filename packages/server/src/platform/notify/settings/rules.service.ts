// Notification rules and teams. What a rule names has to be there when it is saved.

import { presetRoles } from '@tidewheel/contract/access';
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { Rule, RuleContent, Team, TeamContent } from '@tidewheel/contract/notify';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { closest, storableJson } from '../../../base/text.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import { builtInRules } from '../built-in.ts';
import { patternFault } from '../dispatch/match.ts';
import type { NotifyDeps } from '../ports.ts';
import { refused } from './channel-input.ts';
import { loadSettings, type Settings } from './effective.ts';
import { deleteNamed, findNamed, findRoles, lockSettings, type Named, saveNamed } from './settings.store.ts';

export async function listRules(deps: NotifyDeps, actor: Actor): Promise<Rule[]> {
  requirePermission(actor, 'channel.read');
  return inWorkspace(deps.databases.app, actor.workspaceId, (trx) => readRules(trx, actor.workspaceId));
}

/** @throws NotFound with the closest slug */
export async function showRule(deps: NotifyDeps, actor: Actor, slug: string): Promise<Rule> {
  requirePermission(actor, 'channel.read');
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => existing(await readRules(trx, actor.workspaceId), { slug, what: 'rule' }));
}

/** @throws InvalidInput with faults by path */
export async function saveRule(deps: NotifyDeps, actor: Actor, { slug, content: given }: { slug: string; content: RuleContent }): Promise<Rule> {
  requirePermission(actor, 'channel.edit');
  const { workspaceId } = actor;
  const content = JSON.parse(storableJson(given)) as RuleContent;
  const roles = [...Object.keys(presetRoles), ...(await findRoles(deps.databases.engine, workspaceId))];
  return inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    await lockSettings(trx, workspaceId);
    const faults = faultsOf(content, await loadSettings(trx, { workspaceId, types: deps.channels }), roles);
    if (faults.length > 0) throw refused(faults, 'notification_rule.invalid');
    const before = (await readRules(trx, workspaceId)).find((rule) => rule.slug === slug);
    await saveNamed(trx, 'notification_rule', { workspaceId, slug, content, updatedBy: actor.label });
    await recordAudit(trx, actor, { action: 'notification.rule_saved', object: ruleObject(slug), before: before?.content ?? null, after: content });
    return existing(await readRules(trx, workspaceId), { slug, what: 'rule' });
  });
}

export async function archiveRule(deps: NotifyDeps, actor: Actor, slug: string): Promise<Rule> {
  requirePermission(actor, 'channel.edit');
  const { workspaceId } = actor;
  return inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    await lockSettings(trx, workspaceId);
    const found = existing(await readRules(trx, workspaceId), { slug, what: 'rule' });
    await deleteNamed(trx, 'notification_rule', { workspaceId, slug });
    if (found.updatedAt !== null) await recordAudit(trx, actor, { action: 'notification.rule_archived', object: ruleObject(slug), before: found.content });
    return found;
  });
}

async function readRules(trx: WorkspaceTransaction, workspaceId: string): Promise<Rule[]> {
  const rows = await findNamed(trx, 'notification_rule', workspaceId);
  const stored = rows.map(({ slug, content, updated_at, updated_by }): Rule => {
    const builtIn = slug in builtInRules;
    return { slug, builtIn, changed: builtIn, content, updatedAt: updated_at.toISOString(), updatedBy: updated_by };
  });
  const standing = Object.entries(builtInRules).filter(([slug]) => !stored.some((rule) => rule.slug === slug));
  return [...standing.map(([slug, content]): Rule => ({ slug, builtIn: true, changed: false, content, updatedAt: null, updatedBy: null })), ...stored];
}

function faultsOf({ channels, template, match, to }: RuleContent, settings: Settings, roles: readonly string[]): { path: string; message: string }[] {
  const missing = (path: string, names: readonly string[], known: readonly string[]) =>
    names.flatMap((name, index) => {
      if (known.includes(name)) return [];
      const close = closest(name, known);
      return [{ path: `${path}.${index}`, message: `there is no "${name}"${close ? `; did you mean "${close}"?` : ''}` }];
    });
  const pattern = match.errorPattern === undefined ? null : patternFault(match.errorPattern);
  return [
    ...missing('channels', channels, [...settings.channels.keys()]),
    ...missing('to.teams', to.teams, [...settings.teams.keys()]),
    ...missing('to.roles', to.roles, roles),
    ...(template === null || settings.templates.has(template) ? [] : [{ path: 'template', message: `there is no template "${template}"` }]),
    ...(pattern === null ? [] : [{ path: 'match.errorPattern', message: `is no RE2 regular expression: ${pattern}` }]),
  ];
}

export async function listTeams(deps: NotifyDeps, actor: Actor): Promise<Team[]> {
  requirePermission(actor, 'channel.read');
  return (await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => findNamed(trx, 'notification_team', actor.workspaceId))).map(viewTeam);
}

export async function saveTeam(deps: NotifyDeps, actor: Actor, { slug, content: given }: { slug: string; content: TeamContent }): Promise<Team> {
  requirePermission(actor, 'channel.edit');
  const { workspaceId } = actor;
  const content = JSON.parse(storableJson(given)) as TeamContent;
  return inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    await lockSettings(trx, workspaceId);
    const before = (await findNamed(trx, 'notification_team', workspaceId)).find((team) => team.slug === slug);
    await saveNamed(trx, 'notification_team', { workspaceId, slug, content, updatedBy: actor.label });
    await recordAudit(trx, actor, { action: 'notification.team_saved', object: teamObject(slug), before: before?.content ?? null, after: content });
    return existing((await findNamed(trx, 'notification_team', workspaceId)).map(viewTeam), { slug, what: 'team' });
  });
}

/** @throws Conflict while a rule names it */
export async function archiveTeam(deps: NotifyDeps, actor: Actor, slug: string): Promise<Team> {
  requirePermission(actor, 'channel.edit');
  const { workspaceId } = actor;
  return inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    await lockSettings(trx, workspaceId);
    const found = existing((await findNamed(trx, 'notification_team', workspaceId)).map(viewTeam), { slug, what: 'team' });
    const naming = (await readRules(trx, workspaceId)).filter(({ content }) => content.to.teams.includes(slug));
    if (naming.length > 0)
      throw new Conflict('notification_team.named', `The rules ${naming.map((rule) => rule.slug).join(', ')} name this team.`, {
        hint: 'Change or remove them first.',
      });
    await deleteNamed(trx, 'notification_team', { workspaceId, slug });
    await recordAudit(trx, actor, { action: 'notification.team_archived', object: teamObject(slug), before: found.content });
    return found;
  });
}

function viewTeam({ slug, content, updated_at, updated_by }: Named<TeamContent>): Team {
  return { slug, content, updatedAt: updated_at.toISOString(), updatedBy: updated_by };
}

function existing<T extends { slug: string }>(all: readonly T[], { slug, what }: { slug: string; what: 'rule' | 'team' }): T {
  const found = all.find((one) => one.slug === slug);
  if (found) return found;
  const close = closest(
    slug,
    all.map((one) => one.slug),
  );
  throw new NotFound(`notification_${what}.unknown`, `There is no notification ${what} "${slug}".`, {
    hint: close ? `Did you mean "${close}"?` : `GET /api/notification-${what}s lists them.`,
  });
}

const ruleObject = (slug: string) => ({ type: 'notification-rule', id: slug, title: slug });
const teamObject = (slug: string) => ({ type: 'notification-team', id: slug, title: slug });

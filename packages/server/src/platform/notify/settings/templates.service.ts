// Message templates: versions that stay, checked by rendering them, and shown before they are used.
import type { Attributes } from '@tidewheel/contract/ability';
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { RenderedMessage, Template, TemplateContent } from '@tidewheel/contract/notify';
import { type Actor, may, requirePermission } from '../../../base/actor.ts';
import { maskedStarter } from '../../../base/masked-run.ts';
import { closest, storableJson } from '../../../base/text.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import { builtInTemplates } from '../built-in.ts';
import { readFacts } from '../dispatch/events.store.ts';
import type { EventFacts } from '../dispatch/facts.ts';
import type { NotifyDeps } from '../ports.ts';
import { finished, formsOf } from '../render/renderer.ts';
import { sampleScope, scopeOf } from '../render/scope.ts';
import { refused } from './channel-input.ts';
import { archiveTemplateVersion, findCurrentTemplates, findNamed, findTemplates, insertTemplate, lockSettings, type TemplateRow } from './settings.store.ts';

export async function listTemplates(deps: NotifyDeps, actor: Actor): Promise<Template[]> {
  requirePermission(actor, 'channel.read');
  return inWorkspace(deps.databases.app, actor.workspaceId, (trx) => readTemplates(trx, actor.workspaceId));
}

/** @throws NotFound with the closest slug */
export async function showTemplate(deps: NotifyDeps, actor: Actor, slug: string): Promise<{ current: Template; versions: Template[] }> {
  requirePermission(actor, 'channel.read');
  const { workspaceId } = actor;
  return inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    const current = existing(await readTemplates(trx, workspaceId), slug);
    const versions = (await findTemplates(trx, { workspaceId, slug })).map(viewTemplate);
    return { current, versions: [...versions, ...standing(slug)] };
  });
}

/** @throws InvalidInput naming the form and the place that cannot be rendered */
export async function saveTemplate(deps: NotifyDeps, actor: Actor, { slug, content: given }: { slug: string; content: TemplateContent }): Promise<Template> {
  requirePermission(actor, 'channel.edit');
  const { workspaceId } = actor;
  const content = JSON.parse(storableJson(given)) as TemplateContent;
  await renderWith(deps, { content, scope: sampleScope(content), strict: true });
  return inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    await lockSettings(trx, workspaceId);
    const before = (await readTemplates(trx, workspaceId)).find((template) => template.slug === slug);
    const row = await insertTemplate(trx, { workspaceId, slug, content, createdBy: actor.label });
    await recordAudit(trx, actor, { action: 'notification.template_saved', object: objectOf(slug), before: before?.content ?? null, after: content });
    return viewTemplate(row);
  });
}

/** @throws Conflict while a rule names it */
export async function archiveTemplate(deps: NotifyDeps, actor: Actor, slug: string): Promise<Template> {
  requirePermission(actor, 'channel.edit');
  const { workspaceId } = actor;
  return inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    await lockSettings(trx, workspaceId);
    const found = existing(await readTemplates(trx, workspaceId), slug);
    const naming = (await findNamed(trx, 'notification_rule', workspaceId)).filter(({ content }) => content.template === slug);
    if (naming.length > 0 && !(slug in builtInTemplates))
      throw new Conflict('notification_template.named', `The rules ${naming.map((rule) => rule.slug).join(', ')} name this template.`, {
        hint: 'Change or remove them first.',
      });
    if (found.version === 0) return found;
    await archiveTemplateVersion(trx, { workspaceId, slug, version: found.version });
    await recordAudit(trx, actor, { action: 'notification.template_archived', object: objectOf(slug), before: found.content });
    return found;
  });
}

/** With an event of this workspace, or with a sample. @throws InvalidInput, NotFound */
export async function previewTemplate(
  deps: NotifyDeps,
  actor: Actor,
  { content, event }: { content: TemplateContent; event?: string | undefined },
): Promise<RenderedMessage> {
  requirePermission(actor, 'channel.edit');
  const scope = event === undefined ? sampleScope(content) : await scopeOfEvent(deps, actor, event);
  return renderWith(deps, { content, scope, strict: event === undefined });
}

async function scopeOfEvent(deps: NotifyDeps, actor: Actor, id: string): Promise<Record<string, unknown>> {
  const { workspaceId } = actor;
  const [facts] = await readFacts(deps.databases.engine, { workspaceId, ids: [id] });
  const about = facts ? objectOfFacts(facts) : null;
  if (!facts || !maySeeEvent(actor, { facts, about }))
    throw new NotFound('notification.unknown', 'There is no such notification event that you may see.', { hint: 'GET /api/notification-events lists them.' });
  return scopeOf({
    facts,
    workspace: { slug: '', title: 'Workspace' },
    recipient: { name: null, email: actor.label },
    link: deps.origin(),
    reason: 'You get this because a rule names you.',
    more: { count: 0, titles: [] },
    startedBy: maskedStarter(actor, { startedBy: facts.run?.startedBy ?? null, object: about ?? {} }),
  });
}

/** What rules can say of the flow, and of the run, that an event is about. */
function objectOfFacts({ flow, run }: EventFacts): Attributes | null {
  return flow && { flow: flow.slug, folder: flow.folder, kind: flow.kind, startedBy: run?.startedBy ?? null };
}

/** As in the lists of events: what is for one person alone is not shown to others by a template either. */
function maySeeEvent(actor: Actor, { facts, about }: { facts: EventFacts; about: Attributes | null }): boolean {
  if (facts.onlyFor !== null && facts.onlyFor !== actor.userId) return false;
  if (facts.kind === 'color.matched' && !may(actor, 'color.read')) return false;
  return about === null || may(actor, 'run.read', about);
}

async function renderWith(
  { renderer }: NotifyDeps,
  { content, scope, strict }: { content: TemplateContent; scope: Record<string, unknown>; strict: boolean },
): Promise<RenderedMessage> {
  const answer = await renderer.render({ template: formsOf(content), scope, strict });
  if ('parts' in answer) return finished(answer.parts);
  throw refused(
    [{ path: answer.form ?? 'text', message: answer.fault, hint: 'docs/notifications.md lists what a template can speak of.' }],
    'notification_template.invalid',
  );
}

async function readTemplates(trx: WorkspaceTransaction, workspaceId: string): Promise<Template[]> {
  const rows = (await findCurrentTemplates(trx, workspaceId)).map(viewTemplate);
  const unchanged = Object.keys(builtInTemplates).filter((slug) => !rows.some((row) => row.slug === slug));
  return [...unchanged.flatMap(standing), ...rows];
}

function standing(slug: string): Template[] {
  const content = builtInTemplates[slug];
  return content ? [{ slug, builtIn: true, version: 0, content, createdAt: null, createdBy: null }] : [];
}

function existing(all: readonly Template[], slug: string): Template {
  const found = all.find((template) => template.slug === slug);
  if (found) return found;
  const close = closest(
    slug,
    all.map((template) => template.slug),
  );
  throw new NotFound('notification_template.unknown', `There is no message template "${slug}".`, {
    hint: close ? `Did you mean "${close}"?` : 'GET /api/notification-templates lists them.',
  });
}

function viewTemplate({ slug, version, content, created_at, created_by }: TemplateRow): Template {
  return { slug, builtIn: slug in builtInTemplates, version, content, createdAt: created_at.toISOString(), createdBy: created_by };
}

const objectOf = (slug: string) => ({ type: 'notification-template', id: slug, title: slug });

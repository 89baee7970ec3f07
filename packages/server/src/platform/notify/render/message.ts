// A message in words: its template, filled with what it is about, for this recipient.

import type { TemplateContent } from '@tidewheel/contract/notify';
import type { ChannelMessage } from '@tidewheel/kit/define-channel';
import type { Actor } from '../../../base/actor.ts';
import { fieldState, maskedText } from '../../../base/masked-view.ts';
import { builtInTemplates } from '../built-in.ts';
import type { EventFacts } from '../dispatch/facts.ts';
import type { NotifyDeps, Reachable } from '../ports.ts';
import { findWorkspace, type MessageRow, readParts } from '../send/send.store.ts';
import { templatesOf } from '../settings/effective.ts';
import { findCurrentTemplates } from '../settings/settings.store.ts';
import { finished, formsOf, inAppWords, type MessageForm } from './renderer.ts';
import { scopeOf } from './scope.ts';

export interface Worded {
  message: ChannelMessage;
  /** A template that could not be filled: another one was taken, so that nobody goes untold for it. */
  fault: string | null;
}

export async function wordMessage(
  deps: Pick<NotifyDeps, 'databases' | 'renderer' | 'origin'>,
  { row, facts, somebody }: { row: MessageRow; facts: EventFacts; somebody: Reachable | null },
): Promise<Worded> {
  const db = deps.databases.engine;
  const workspace = await findWorkspace(db, row.workspace_id);
  const more = await readParts(db, row);
  const link = linkOf(facts, `${deps.origin()}/w/${workspace.slug}`);
  const scope = scopeFor({ row, facts, somebody, workspace, link, more });
  const { parts, fault } = await fill(deps, { workspaceId: row.workspace_id, slug: row.template, scope });
  return {
    fault,
    message: {
      ...sent(parts),
      id: row.id,
      kind: facts.kind,
      severity: row.severity,
      link,
      workspace: workspace.title,
      flow: facts.flow?.slug ?? null,
      object: facts.object,
      data: facts.data,
      at: facts.at.toISOString(),
      more: more.count,
      isTest: false,
    },
  };
}

/** Without what stands in the pages. */
function sent(parts: Record<MessageForm, string>) {
  const { subject, text, short, html } = finished(parts);
  return { subject, text, short, html };
}

type Parts = { count: number; titles: string[] };
interface About {
  row: Pick<MessageRow, 'severity' | 'address' | 'because'>;
  facts: EventFacts;
  somebody: Reachable | null;
  workspace: { slug: string; title: string };
}

function scopeFor({ row, facts, somebody, workspace, link, more }: About & { link: string | null; more: Parts }): Record<string, unknown> {
  return scopeOf({
    facts: { ...facts, severity: row.severity },
    workspace,
    recipient: { name: somebody?.name ?? null, email: somebody?.email ?? row.address },
    link,
    reason: `You get this because ${row.because}.`,
    more,
    startedBy: starterFor(somebody, facts),
  });
}

/** What the pages show of it, in the words of its template; null when it cannot be filled. */
export async function wordInApp(
  { renderer, origin }: Pick<NotifyDeps, 'renderer' | 'origin'>,
  { content, ...about }: About & { content: TemplateContent },
): Promise<{ words: { inAppTitle: string; inAppText: string } } | { fault: string }> {
  const link = linkOf(about.facts, `${origin()}/w/${about.workspace.slug}`);
  const { inAppTitle, inAppText } = formsOf(content);
  const template = { subject: '', text: '', short: '', html: '', inAppTitle, inAppText };
  const answer = await renderer.render({ template, scope: scopeFor({ ...about, link, more: { count: 0, titles: [] } }), strict: false });
  return 'parts' in answer ? { words: inAppWords(answer.parts) } : { fault: answer.fault };
}

async function fill(
  { databases, renderer }: Pick<NotifyDeps, 'databases' | 'renderer'>,
  { workspaceId, slug, scope }: { workspaceId: string; slug: string; scope: Record<string, unknown> },
): Promise<{ parts: Record<MessageForm, string>; fault: string | null }> {
  const templates = templatesOf(await findCurrentTemplates(databases.engine, workspaceId));
  const content = templates.get(slug);
  const answer = content ? await renderer.render({ template: formsOf(content), scope, strict: false }) : { form: null, fault: 'it was removed' };
  if ('parts' in answer) return { parts: answer.parts, fault: null };
  const fallback = builtInTemplates['event'];
  const plain = fallback && (await renderer.render({ template: formsOf(fallback), scope, strict: false }));
  const title = String((scope['event'] as { title?: unknown }).title ?? '');
  const parts = plain && 'parts' in plain ? plain.parts : { subject: title, text: title, short: title, html: '', inAppTitle: title, inAppText: '' };
  return { parts, fault: `the template ${slug} cannot be filled${answer.form ? ` (${answer.form})` : ''}: ${answer.fault}` };
}

const pages: Readonly<Record<string, string>> = {
  run: 'runs',
  approval: 'approvals',
  flow: 'flows',
  schedule: 'schedules',
  trigger: 'triggers',
  color_processing: 'colors/processings',
};

function linkOf({ kind, object, flow, data }: EventFacts, home: string): string | null {
  if (kind === 'approval.opened' && typeof data['approval'] === 'string') return `${home}/approvals/${data['approval']}`;
  const page = object && pages[object.type];
  if (object && page) return `${home}/${page}/${encodeURIComponent(object.id)}`;
  return flow ? `${home}/flows/${flow.slug}` : null;
}

/** What a role keeps from somebody in the pages it keeps from him here. */
function starterFor(somebody: Reachable | null, { run, flow }: EventFacts): string | null {
  if (!run || !somebody || !flow) return run?.startedBy ?? null;
  const actor: Pick<Actor, 'ability'> = { ability: somebody.ability };
  const object = { flow: flow.slug, folder: flow.folder, kind: flow.kind, startedBy: run.startedBy };
  return maskedText(fieldState(actor as Actor, { type: 'run', permission: 'run.read', object }, 'startedBy'), run.startedBy);
}

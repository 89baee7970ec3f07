// Channels: their settings are seen by many, their secrets by nobody. A secret never follows changed settings to another place by itself.
import { Conflict, InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { ChannelType, Channel as ChannelView } from '@tidewheel/contract/notify';
import type { ChannelInput } from '@tidewheel/contract/routes/channels';
import type { Channel, ChannelMessage } from '@tidewheel/kit/define-channel';
import { z } from 'zod';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import { redactor } from '../../../base/redactor.ts';
import { closest, storable } from '../../../base/text.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import type { NotifyDeps } from '../ports.ts';
import { channelFaults, parseChannelConfig, parseChannelSecret, refused } from './channel-input.ts';
import { purposeOf, withSecret } from './channel-secret.ts';
import { channelsOf, type OpenChannel, reachOf } from './effective.ts';
import { deleteChannel, findChannels, findNamed, lockSettings, saveChannel as storeChannel } from './settings.store.ts';

export function listChannelTypes({ channels }: NotifyDeps, actor: Actor): ChannelType[] {
  requirePermission(actor, 'channel.read');
  const schema = (of: z.ZodType) => z.toJSONSchema(of, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  return channels.map(({ type, title, icon, description, config, secret, examples, via }) => ({
    type,
    title,
    icon,
    description,
    builtIn: via !== 'call',
    config: schema(config),
    secret: secret && schema(secret),
    examples: examples as ChannelType['examples'],
  }));
}

export async function listChannels(deps: NotifyDeps, actor: Actor): Promise<ChannelView[]> {
  requirePermission(actor, 'channel.read');
  return (await readChannels(deps, actor)).map(viewChannel);
}

/** @throws NotFound with the closest slug */
export async function showChannel(deps: NotifyDeps, actor: Actor, slug: string): Promise<ChannelView> {
  requirePermission(actor, 'channel.read');
  return viewChannel(existing(await readChannels(deps, actor), slug));
}

function readChannels({ databases, channels }: NotifyDeps, { workspaceId }: Actor): Promise<OpenChannel[]> {
  return inWorkspace(databases.app, workspaceId, async (trx) => channelsOf(channels, await findChannels(trx, workspaceId)));
}

/** @throws InvalidInput with faults by path, Conflict */
export async function saveChannel(deps: NotifyDeps, actor: Actor, { slug, ...input }: ChannelInput & { slug: string }): Promise<ChannelView> {
  requirePermission(actor, 'channel.edit');
  const { workspaceId } = actor;
  const type = typeOf(deps, input.type);
  const config = parseChannelConfig(type, input.config);
  const given = input.secret ? parseChannelSecret(type, input.secret) : input.secret;
  return inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    await lockSettings(trx, workspaceId);
    const before = channelsOf(deps.channels, await findChannels(trx, workspaceId)).find((channel) => channel.slug === slug);
    refuseOddType({ slug, type, before });
    if (given === undefined) refuseCarriedSecret(type, before, config);
    const secret = given === undefined && before ? await withSecret(deps.vault, before, async (stored) => stored) : (given ?? null);
    const faults = channelFaults(type, { config, secret });
    if (faults.length > 0) throw refused(faults);
    const credentialId = await settleSecret(deps, trx, { workspaceId, type, before, given });
    const row = await storeChannel(trx, {
      workspace_id: workspaceId,
      slug,
      title: storable(input.title),
      type: type.type,
      enabled: input.enabled,
      config,
      credential_id: credentialId,
      updated_by: actor.label,
    });
    const after = { slug, title: row.title, channel: type, enabled: row.enabled, config, row };
    await recordAudit(trx, actor, {
      action: 'channel.saved',
      object: objectOf(slug),
      before: before ? auditView(before) : null,
      after: { ...auditView(after), secretReplaced: given !== undefined },
    });
    return viewChannel(after);
  });
}

/** Out of use; its secret is forgotten. One that every workspace has is as it was at first. @throws Conflict while a rule names it */
export async function archiveChannel(deps: NotifyDeps, actor: Actor, slug: string): Promise<ChannelView> {
  requirePermission(actor, 'channel.edit');
  const { workspaceId } = actor;
  return inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    await lockSettings(trx, workspaceId);
    const found = existing(channelsOf(deps.channels, await findChannels(trx, workspaceId)), slug);
    if (found.channel.via === 'call') await refuseWhileNamed(trx, { workspaceId, slug });
    await deleteChannel(trx, { workspaceId, slug });
    if (found.row?.credential_id) await deps.vault.remove(trx, { workspaceId, credentialId: found.row.credential_id });
    if (found.row) await recordAudit(trx, actor, { action: 'channel.archived', object: objectOf(slug), before: auditView(found) });
    return viewChannel(found);
  });
}

/** Really sends; what the far side says is the answer. @throws what the channel throws */
export async function testChannel(deps: NotifyDeps, actor: Actor, slug: string): Promise<{ answer: string; ms: number }> {
  requirePermission(actor, 'channel.edit');
  const open = existing(await readChannels(deps, actor), slug);
  await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => recordAudit(trx, actor, { action: 'channel.tested', object: objectOf(slug) }));
  const startedAt = performance.now();
  const answer = await sendTest(deps, actor, open);
  return { answer: redactor.text(answer).slice(0, 500), ms: Math.round(performance.now() - startedAt) };
}

async function sendTest(deps: NotifyDeps, actor: Actor, open: OpenChannel): Promise<string> {
  const { channel, config } = open;
  const message = testMessage(deps, actor, open);
  if (channel.via === 'call') {
    const signal = AbortSignal.timeout(20_000);
    const to = channel.reaches(config) === 'people' ? { email: actor.label, name: null } : null;
    return withSecret(deps.vault, open, async (secret) => (await channel.send(message, { config, secret, to, signal, now: new Date() })).answer);
  }
  if (channel.via === 'inbox') return 'Nothing to test: what comes this way is kept in this database.';
  if (!(await deps.mailer.isConfigured()))
    throw new Conflict('mail.not_configured', 'This installation has no mail server, so no mail can be sent.', {
      hint: 'An administrator sets it under Admin > Mail or with `tidewheel mail set`.',
    });
  const { id, subject, text, html } = message;
  const mail = { id, purpose: 'channel.test', to: actor.label, subject, text, html, usefulUntil: new Date(Date.now() + 3_600_000) };
  await deps.databases.engine.transaction().execute((trx) => deps.mailer.enqueue(trx, mail));
  return `Put into the outbox for ${actor.label}.`;
}

function testMessage(deps: NotifyDeps, actor: Actor, { title }: OpenChannel): ChannelMessage {
  const text = `This is a test of the channel "${title}", sent for ${actor.label}.\nIt works.`;
  return {
    id: newId(),
    kind: 'channel.test',
    severity: 'info',
    subject: `Test of ${title}`,
    text,
    html: `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replace('\n', '<br>')}</p>`,
    short: `Test of ${title}`,
    link: deps.origin(),
    workspace: 'Tidewheel',
    flow: null,
    object: null,
    data: {},
    at: new Date().toISOString(),
    more: 0,
    isTest: true,
  };
}

function typeOf({ channels }: NotifyDeps, type: string): Channel {
  const found = channels.find((channel) => channel.type === type);
  if (found) return found;
  const close = closest(
    type,
    channels.map((channel) => channel.type),
  );
  throw new NotFound('channel_type.unknown', `There is no type of channels ${JSON.stringify(type)}.`, {
    hint: close ? `Did you mean "${close}"?` : `There are ${channels.map((channel) => channel.type).join(', ')}.`,
  });
}

function existing(all: readonly OpenChannel[], slug: string): OpenChannel {
  const found = all.find((channel) => channel.slug === slug);
  if (found) return found;
  const close = closest(
    slug,
    all.map((channel) => channel.slug),
  );
  throw new NotFound('channel.unknown', `There is no channel "${slug}".`, { hint: close ? `Did you mean "${close}"?` : 'GET /api/channels lists them.' });
}

function refuseOddType({ slug, type, before }: { slug: string; type: Channel; before: OpenChannel | undefined }): void {
  if (before && before.channel.type !== type.type)
    throw new InvalidInput('channel.type', `The channel "${slug}" is of type ${before.channel.type}, which stays as it is.`, { hint: 'Make another channel.' });
  if (!before && type.via !== 'call') throw new InvalidInput('channel.type', `There is one channel of type ${type.type}, and it is called "${type.type}".`);
}

// Else whoever may edit channels could read any secret by pointing its channel at a server of his own.
function refuseCarriedSecret(type: Channel, before: OpenChannel | undefined, config: Record<string, unknown>): void {
  if (!before?.row?.credential_id) return;
  const changed = (type.destination ?? []).filter((name) => JSON.stringify(before.config[name]) !== JSON.stringify(config[name]));
  if (changed.length > 0)
    throw refused([
      {
        path: 'secret',
        message: `must be given again, for ${changed.join(', ')} changed`,
        hint: 'A stored secret is only ever sent to the place it was entered for.',
      },
    ]);
}

async function settleSecret(
  { vault }: NotifyDeps,
  trx: WorkspaceTransaction,
  {
    workspaceId,
    type,
    before,
    given,
  }: { workspaceId: string; type: Channel; before: OpenChannel | undefined; given: Record<string, unknown> | null | undefined },
): Promise<string | null> {
  const stored = before?.row?.credential_id ?? null;
  if (given === undefined) return stored;
  if (given !== null) return vault.seal(trx, { workspaceId, credentialId: stored ?? undefined, purpose: purposeOf(type.type), secret: given });
  if (stored !== null) await vault.remove(trx, { workspaceId, credentialId: stored });
  return null;
}

async function refuseWhileNamed(trx: WorkspaceTransaction, { workspaceId, slug }: { workspaceId: string; slug: string }): Promise<void> {
  const naming = (await findNamed(trx, 'notification_rule', workspaceId)).filter(({ content }) => content.channels.includes(slug));
  if (naming.length > 0)
    throw new Conflict('channel.named', `The rules ${naming.map((rule) => rule.slug).join(', ')} name this channel.`, { hint: 'Change or remove them first.' });
}

function objectOf(slug: string) {
  return { type: 'channel', id: slug, title: slug };
}

/** Settings only: the secret never leaves the vault. */
function auditView({ title, channel, enabled, config, row }: OpenChannel) {
  return { title, type: channel.type, enabled, config, hasSecret: row?.credential_id != null };
}

function viewChannel(open: OpenChannel): ChannelView {
  const { slug, title, channel, enabled, config, row } = open;
  return {
    slug,
    title,
    type: channel.type,
    builtIn: channel.via !== 'call',
    enabled,
    reaches: reachOf(open),
    config,
    hasSecret: row?.credential_id != null,
    restingUntil: row?.resting_until && row.resting_until > new Date() ? row.resting_until.toISOString() : null,
    updatedAt: row?.updated_at.toISOString() ?? null,
  };
}

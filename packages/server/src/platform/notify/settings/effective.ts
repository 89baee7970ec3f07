// The settings of a workspace as they count: what every workspace has, and what was set there over it.
import { type RuleContent, RuleContent as RuleSchema, type TeamContent, type TemplateContent } from '@tidewheel/contract/notify';
import type { Channel } from '@tidewheel/kit/define-channel';
import { builtInRules, builtInTemplates } from '../built-in.ts';
import type { Db } from '../trx.ts';
import { type ChannelRow, findChannels, findCurrentTemplates, findNamed } from './settings.store.ts';

/** A channel of a workspace, with its type. */
export interface OpenChannel {
  slug: string;
  title: string;
  channel: Channel;
  enabled: boolean;
  config: Record<string, unknown>;
  row: ChannelRow | null;
}

/** Those that are carried by the server are there without a row. */
export function channelsOf(types: readonly Channel[], rows: readonly ChannelRow[]): OpenChannel[] {
  const stored = rows.flatMap((row): OpenChannel[] => {
    const channel = types.find((type) => type.type === row.type);
    return channel ? [{ slug: row.slug, title: row.title, channel, enabled: row.enabled, config: row.config, row }] : [];
  });
  const missing = types.filter((type) => type.via !== 'call' && !stored.some(({ slug }) => slug === type.type));
  return [...missing.map((channel): OpenChannel => ({ slug: channel.type, title: channel.title, channel, enabled: true, config: {}, row: null })), ...stored];
}

export function reachOf({ channel, config }: Pick<OpenChannel, 'channel' | 'config'>): 'people' | 'place' {
  return channel.via === 'call' ? channel.reaches(config) : 'people';
}

export interface Settings {
  /** Rules of the workspace's own come first. */
  rules: { slug: string; content: RuleContent; isBuiltIn: boolean }[];
  channels: Map<string, OpenChannel>;
  teams: Map<string, TeamContent>;
  templates: Map<string, TemplateContent>;
}

export async function loadSettings(db: Db, { workspaceId, types }: { workspaceId: string; types: readonly Channel[] }): Promise<Settings> {
  const rows = await findNamed(db, 'notification_rule', workspaceId);
  const stored = rows.map(({ slug, content }) => ({ slug, content: RuleSchema.parse(content), isBuiltIn: slug in builtInRules }));
  const standing = Object.entries(builtInRules).flatMap(([slug, content]) =>
    rows.some((row) => row.slug === slug) ? [] : [{ slug, content, isBuiltIn: true }],
  );
  const teams = await findNamed(db, 'notification_team', workspaceId);
  const channels = channelsOf(types, await findChannels(db, workspaceId));
  return {
    rules: [...stored, ...standing].toSorted((one, other) => Number(one.isBuiltIn) - Number(other.isBuiltIn)),
    channels: new Map(channels.map((channel) => [channel.slug, channel])),
    teams: new Map(teams.map(({ slug, content }) => [slug, content])),
    templates: templatesOf(await findCurrentTemplates(db, workspaceId)),
  };
}

export function templatesOf(rows: readonly { slug: string; content: TemplateContent }[]): Map<string, TemplateContent> {
  const stored = rows.map(({ slug, content }) => [slug, content] as const);
  return new Map([...stored, ...Object.entries(builtInTemplates).filter(([slug]) => !rows.some((row) => row.slug === slug))]);
}

/** The slug of the template for a kind of event: the one that a rule names, else one of the workspace, else one that came with the product. */
export function templateFor(templates: ReadonlyMap<string, TemplateContent>, { named, kind }: { named: string | null; kind: string }): string {
  if (named !== null && templates.has(named)) return named;
  const fits = ({ kinds }: TemplateContent) => kinds.some((one) => one === kind || (one.endsWith('*') && kind.startsWith(one.slice(0, -1))));
  const fitting = [...templates].filter(([, content]) => fits(content)).map(([slug]) => slug);
  return fitting.find((slug) => !(slug in builtInTemplates)) ?? fitting[0] ?? 'event';
}

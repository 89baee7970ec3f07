// What each address may carry after its question mark. Anything else in it is dropped.

import type { TriggerEventState, TriggerHealth, TriggerKind } from '@tidewheel/contract/trigger';

type Raw = Record<string, unknown>;

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
function oneOf<const T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((candidate) => candidate === value);
}
/** Leaves out what is undefined, so that addresses stay short. */
function present<T extends Raw>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

const triggerKindNames = ['webhook', 'file', 'watermark', 'flow', 'mail'] as const;
const triggerHealthNames = ['idle', 'healthy', 'failing', 'paused'] as const;
const triggerEventStateNames = ['fired', 'unmet', 'refused'] as const;
const kinds = ['pipeline', 'report', 'job', 'color'] as const;
const runStates = ['queued', 'running', 'succeeded', 'failed', 'cancelling', 'cancelled'] as const;
const runOrigins = ['schedule', 'trigger', 'person'] as const;
const logLevels = ['debug', 'info', 'warn', 'error'] as const;

export interface SignInSearch {
  next?: string | undefined;
}
export const signInSearch = (raw: Raw): SignInSearch => present({ next: text(raw['next']) });
export interface SecondStepSearch extends SignInSearch {
  methods?: string | undefined;
}
export const secondStepSearch = (raw: Raw): SecondStepSearch => present({ next: text(raw['next']), methods: text(raw['methods']) });
const terminalOutcomes = ['done', 'refused', 'failed'] as const;
export interface TerminalSearch {
  challenge?: string | undefined;
  title?: string | undefined;
  state?: string | undefined;
  port?: number | undefined;
  outcome?: (typeof terminalOutcomes)[number] | undefined;
}
export const terminalSearch = (raw: Raw): TerminalSearch =>
  present({
    challenge: text(raw['challenge']),
    title: text(raw['title'])?.slice(0, 100),
    state: text(raw['state']),
    port: Number.isInteger(raw['port']) && Number(raw['port']) > 0 && Number(raw['port']) < 65_536 ? Number(raw['port']) : undefined,
    outcome: oneOf(raw['outcome'], terminalOutcomes),
  });
export interface SsoFailedSearch {
  reason?: string | undefined;
}
export const ssoFailedSearch = (raw: Raw): SsoFailedSearch => present({ reason: text(raw['reason']) });
export const ssoTabs = ['settings', 'rules', 'people'] as const;
export interface SsoSearch {
  tab?: (typeof ssoTabs)[number] | undefined;
}
export const ssoSearch = (raw: Raw): SsoSearch => present({ tab: oneOf(raw['tab'], ssoTabs) });

function days(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 3_650 ? value : undefined;
}
const targetStateNames = ['ok', 'failed', 'unknown', 'maintenance', 'archived'] as const;
const targetSystemNames = ['linux', 'windows'] as const;
const targetSortNames = ['name', '-name', 'address', 'changed', 'contact'] as const;
export interface TargetsSearch {
  q?: string | undefined;
  os?: (typeof targetSystemNames)[number] | undefined;
  state?: (typeof targetStateNames)[number] | undefined;
  tag?: string | undefined;
  group?: string | undefined;
  category?: string | undefined;
  /** Days. */
  notSeen?: number | undefined;
  sort?: (typeof targetSortNames)[number] | undefined;
}
export const targetsSearch = (raw: Raw): TargetsSearch =>
  present({
    q: text(raw['q']),
    os: oneOf(raw['os'], targetSystemNames),
    state: oneOf(raw['state'], targetStateNames),
    tag: text(raw['tag']),
    group: text(raw['group']),
    category: text(raw['category']),
    notSeen: days(raw['notSeen']),
    sort: oneOf(raw['sort'], targetSortNames),
  });
export interface TargetRelationsSearch {
  q?: string | undefined;
  host?: string | undefined;
  depth?: number | undefined;
}
export const targetRelationsSearch = (raw: Raw): TargetRelationsSearch =>
  present({ q: text(raw['q']), host: text(raw['host']), depth: raw['depth'] === 1 || raw['depth'] === 3 ? raw['depth'] : undefined });
export interface TargetSearch {
  tab?: 'settings' | 'runs' | undefined;
}
export const targetSearch = (raw: Raw): TargetSearch => present({ tab: oneOf(raw['tab'], ['settings', 'runs']) });

export interface FlowsSearch {
  kind?: (typeof kinds)[number] | undefined;
  q?: string | undefined;
  folder?: string | undefined;
  archived?: boolean | undefined;
}
export const flowsSearch = (raw: Raw): FlowsSearch =>
  present({ kind: oneOf(raw['kind'], kinds), q: text(raw['q']), folder: text(raw['folder']), archived: raw['archived'] === true ? true : undefined });

export interface ConnectionsSearch {
  q?: string | undefined;
  folder?: string | undefined;
}
export const connectionsSearch = (raw: Raw): ConnectionsSearch => present({ q: text(raw['q']), folder: text(raw['folder']) });

export const flowTabs = ['editor', 'runs', 'schedules', 'triggers', 'versions'] as const;
/** How a flow is shown while it is written: drawn with its text, or as a list of its steps. */
export const flowViews = ['steps'] as const;
export interface NewFlowSearch {
  view?: (typeof flowViews)[number] | undefined;
  step?: string | undefined;
}
export const newFlowSearch = (raw: Raw): NewFlowSearch => present({ view: oneOf(raw['view'], flowViews), step: text(raw['step']) });
export interface FlowSearch extends NewFlowSearch {
  tab?: (typeof flowTabs)[number] | undefined;
  run?: boolean | undefined;
}
export const flowSearch = (raw: Raw): FlowSearch =>
  present({ ...newFlowSearch(raw), tab: oneOf(raw['tab'], flowTabs), run: raw['run'] === true ? true : undefined });

export interface TriggersSearch {
  q?: string | undefined;
  flow?: string | undefined;
  kind?: TriggerKind | undefined;
  health?: TriggerHealth | undefined;
}
export const triggersSearch = (raw: Raw): TriggersSearch =>
  present({ q: text(raw['q']), flow: text(raw['flow']), kind: oneOf(raw['kind'], triggerKindNames), health: oneOf(raw['health'], triggerHealthNames) });
export interface NewTriggerSearch {
  kind?: string | undefined;
  flow?: string | undefined;
}
export const newTriggerSearch = (raw: Raw): NewTriggerSearch => present({ kind: text(raw['kind']), flow: text(raw['flow']) });
export const triggerTabs = ['history', 'settings'] as const;
export interface TriggerSearch {
  tab?: (typeof triggerTabs)[number] | undefined;
  state?: TriggerEventState | undefined;
}
export const triggerSearch = (raw: Raw): TriggerSearch => present({ tab: oneOf(raw['tab'], triggerTabs), state: oneOf(raw['state'], triggerEventStateNames) });

export interface RunsSearch {
  flow?: string | undefined;
  state?: (typeof runStates)[number] | undefined;
  kind?: (typeof kinds)[number] | undefined;
  origin?: (typeof runOrigins)[number] | undefined;
  schedule?: string | undefined;
  trigger?: string | undefined;
}
export const runsSearch = (raw: Raw): RunsSearch =>
  present({
    flow: text(raw['flow']),
    state: oneOf(raw['state'], runStates),
    kind: oneOf(raw['kind'], kinds),
    origin: oneOf(raw['origin'], runOrigins),
    schedule: text(raw['schedule']),
    trigger: text(raw['trigger']),
  });

export const runTabs = ['steps', 'items', 'timeline', 'logs', 'rows', 'why'] as const;
/** `step`: the one that is open; `-` when it was closed on purpose (a failed step opens by itself). */
const itemViews = ['failed', 'compare'] as const;
export interface RunSearch {
  tab?: (typeof runTabs)[number] | undefined;
  step?: string | undefined;
  which?: 'rejected' | undefined;
  level?: (typeof logLevels)[number] | undefined;
  q?: string | undefined;
  items?: (typeof itemViews)[number] | undefined;
  field?: string | undefined;
}
export const runSearch = (raw: Raw): RunSearch =>
  present({
    tab: oneOf(raw['tab'], runTabs),
    step: text(raw['step']),
    which: oneOf(raw['which'], ['rejected']),
    level: oneOf(raw['level'], logLevels),
    q: text(raw['q']),
    items: oneOf(raw['items'], itemViews),
    field: text(raw['field']),
  });

const scheduleStates = ['active', 'paused', 'archived'] as const;
export interface SchedulesSearch {
  q?: string | undefined;
  flow?: string | undefined;
  state?: (typeof scheduleStates)[number] | undefined;
}
export const schedulesSearch = (raw: Raw): SchedulesSearch =>
  present({ q: text(raw['q']), flow: text(raw['flow']), state: oneOf(raw['state'], scheduleStates) });
export interface NewScheduleSearch {
  flow?: string | undefined;
}
export const newScheduleSearch = (raw: Raw): NewScheduleSearch => present({ flow: text(raw['flow']) });
const scheduleTabs = ['next', 'history', 'why', 'settings'] as const;
const firingOutcomes = ['fired', 'skipped', 'failed'] as const;
/** `day`: the one whose month or week is shown, or which is explained. */
export interface ScheduleSearch {
  tab?: (typeof scheduleTabs)[number] | undefined;
  day?: string | undefined;
  view?: 'week' | undefined;
  outcome?: (typeof firingOutcomes)[number] | undefined;
}
export const scheduleSearch = (raw: Raw): ScheduleSearch =>
  present({ tab: oneOf(raw['tab'], scheduleTabs), day: day(raw['day']), view: oneOf(raw['view'], ['week']), outcome: oneOf(raw['outcome'], firingOutcomes) });

export interface ApprovalsSearch {
  state?: 'mine' | 'open' | 'decided' | undefined;
}
export const approvalsSearch = (raw: Raw): ApprovalsSearch => present({ state: oneOf(raw['state'], ['mine', 'open', 'decided']) });

const letterStates = ['open', 'replaying', 'resolved', 'discarded'] as const;
export interface DeadLettersSearch {
  state?: (typeof letterStates)[number] | undefined;
  flow?: string | undefined;
  code?: string | undefined;
  /** The one that is shown. */
  letter?: string | undefined;
}
export const deadLettersSearch = (raw: Raw): DeadLettersSearch =>
  present({ state: oneOf(raw['state'], letterStates), flow: text(raw['flow']), code: text(raw['code']), letter: text(raw['letter']) });
export interface BackfillsSearch {
  flow?: string | undefined;
}
export interface PerformanceSearch {
  flow?: string | undefined;
  /** The one that is shown. */
  test?: string | undefined;
}
export const performanceSearch = (raw: Raw): PerformanceSearch => present({ flow: text(raw['flow']), test: text(raw['test']) });
export const backfillsSearch = (raw: Raw): BackfillsSearch => present({ flow: text(raw['flow']) });

const severities = ['info', 'warning', 'error', 'critical'] as const;
export interface InboxSearch {
  unread?: boolean | undefined;
  severity?: (typeof severities)[number] | undefined;
  flow?: string | undefined;
}
export const inboxSearch = (raw: Raw): InboxSearch =>
  present({ unread: raw['unread'] === true ? true : undefined, severity: oneOf(raw['severity'], severities), flow: text(raw['flow']) });
const notificationTabs = ['rules', 'channels', 'teams', 'templates', 'messages'] as const;
const messageStates = ['waiting', 'sending', 'sent', 'unknown', 'failed', 'left_out', 'folded'] as const;
export interface NotificationSettingsSearch {
  tab?: (typeof notificationTabs)[number] | undefined;
  state?: (typeof messageStates)[number] | undefined;
  channel?: string | undefined;
  to?: string | undefined;
}
export const notificationSettingsSearch = (raw: Raw): NotificationSettingsSearch =>
  present({ tab: oneOf(raw['tab'], notificationTabs), state: oneOf(raw['state'], messageStates), channel: text(raw['channel']), to: text(raw['to']) });

export interface ArtifactsSearch {
  tab?: 'deliveries' | undefined;
  flow?: string | undefined;
  sha256?: string | undefined;
  state?: 'delivered' | 'failed' | undefined;
}
export const artifactsSearch = (raw: Raw): ArtifactsSearch =>
  present({
    tab: oneOf(raw['tab'], ['deliveries']),
    flow: text(raw['flow']),
    sha256: text(raw['sha256']),
    state: oneOf(raw['state'], ['delivered', 'failed']),
  });

/** `entry`: the one that is open; `object`: an object's id. */
export interface AuditSearch {
  actor?: string | undefined;
  action?: string | undefined;
  object?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  entry?: string | undefined;
}
export const auditSearch = (raw: Raw): AuditSearch =>
  present({
    actor: text(raw['actor']),
    action: text(raw['action']),
    object: text(raw['object']),
    from: day(raw['from']),
    to: day(raw['to']),
    entry: text(raw['entry']),
  });
export interface BackupsSearch {
  backup?: number | undefined;
}
export const backupsSearch = (raw: Raw): BackupsSearch => {
  const number = Number(raw['backup']);
  return present({ backup: Number.isInteger(number) && number > 0 ? number : undefined });
};
export interface ChangesSearch {
  module?: string | undefined;
  by?: string | undefined;
  change?: string | undefined;
}
export const changesSearch = (raw: Raw): ChangesSearch => present({ module: text(raw['module']), by: text(raw['by']), change: text(raw['change']) });
function day(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

export interface TextSearch {
  q?: string | undefined;
}
export const textSearch = (raw: Raw): TextSearch => present({ q: text(raw['q']) });
export interface CredentialsSearch extends TextSearch {
  state?: 'expiring' | 'archived' | undefined;
}
export const credentialsSearch = (raw: Raw): CredentialsSearch => present({ q: text(raw['q']), state: oneOf(raw['state'], ['expiring', 'archived']) });
export interface NewConnectionSearch {
  type?: string | undefined;
}
export const newConnectionSearch = (raw: Raw): NewConnectionSearch => present({ type: text(raw['type']) });

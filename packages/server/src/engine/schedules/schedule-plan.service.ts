// What a schedule will do, what it did, and why. The permission check is each function's first line.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { Fault } from '@tidewheel/contract/problem';
import type { RouteParsed, RouteReply } from '@tidewheel/contract/route';
import type { listOccurrences, previewSchedule, showScheduleCalendar } from '@tidewheel/contract/routes/schedules';
import type { DateExplanation, Firing, ScheduleParameter, ScheduleTiming } from '@tidewheel/contract/schedule';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { flowObject } from '../runs/run-object.ts';
import { findStartables } from '../runs/runs.store.ts';
import { checkTiming, parameterFaults } from './check-schedule.ts';
import { compiled, nextOccurrences, overridesOf } from './planning.ts';
import { existingSchedule } from './schedule-access.ts';
import type { ScheduleDeps } from './schedule-deps.ts';
import { viewChange, viewFiring } from './schedule-view.ts';
import * as store from './schedules.store.ts';
import type { CompiledTiming } from './timing/compile.ts';
import { explainDate } from './timing/explain.ts';
import { ahead, planned, viewPlanned } from './timing/search.ts';
import { dayOfWall, toDate, toDay, wallOf } from './timing/wall.ts';
import { ruleWords } from './timing/words.ts';
import { instantOf, wallAt } from './timing/zone.ts';

type Preview = RouteReply<typeof previewSchedule>;

/** Never an error for what is wrong with it: that is its answer. */
export async function preview(
  { databases }: ScheduleDeps,
  actor: Actor,
  { flow, parameters, most, ...timing }: RouteParsed<typeof previewSchedule>['body'],
): Promise<Preview> {
  requirePermission(actor, 'schedule.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const now = (await store.databaseNow(trx)).getTime();
    const { faults, timing: read } = await checkTiming(trx, { workspaceId: actor.workspaceId, timing, now });
    const words = timing.rules.map((rule) => ruleWords(rule, timing.calendar));
    if (!read) return { words, next: [], faults };
    const { items, stopped } = nextOccurrences(read, { from: now, most, overrides: new Map() });
    const further = stopped !== null && items.length > 0 ? [warning('rules', stopped)] : [];
    const ofParameters = flow === undefined ? [] : await parametersOf(trx, actor, { flow, parameters, read, now });
    return { words, next: items, faults: [...faults, ...further, ...clockWarnings(timing), ...oftenWarnings(timing), ...ofParameters] };
  });
}

async function parametersOf(
  trx: WorkspaceTransaction,
  actor: Actor,
  { flow, parameters, read, now }: { flow: string; parameters: Record<string, ScheduleParameter>; read: CompiledTiming; now: number },
): Promise<Fault[]> {
  const [found] = await findStartables(trx, { slugs: [flow] });
  const unknown: Fault = { path: 'flow', message: `there is no flow "${flow}"`, severity: 'error' };
  if (!found?.document) return [found ? { ...unknown, message: `the flow "${flow}" has no published version` } : unknown];
  const object = flowObject({ ...found, flow });
  if (!(actor.ability?.can('flow.read', object) ?? true)) return [unknown];
  const [next] = ahead(read, { from: now, most: 1 }).items;
  return parameterFaults(trx, { workspaceId: actor.workspaceId, document: found.document, parameters, timing: read, next });
}

/** What people do not expect of a policy that they did not choose on purpose. */
function clockWarnings({ rules, policies, timeZone }: ScheduleTiming): Fault[] {
  if (policies.overlap === 'twice' || timeZone === 'UTC') return [];
  return rules.flatMap((rule, place) => {
    const isOften =
      rule.kind === 'cron' && /^(\S+\s+)?\S+\s+(\*|\S*\/\S*)(\s+\S+){3}$/.test(rule.expression.trim()) && rule.expression.trim().split(/\s+/).length >= 5;
    return isOften ? [warning(`rules.${place}`, 'where the clocks go back it is silent for as long as they do: let it fire twice, or count an interval')] : [];
  });
}

function oftenWarnings({ rules }: ScheduleTiming): Fault[] {
  return rules.flatMap((rule, place) =>
    rule.kind === 'interval' && rule.unit === 'seconds' && rule.every < 10
      ? [warning(`rules.${place}.every`, 'each of these moments is a run, and a line of its history for 400 days: a flow that waits or repeats costs less')]
      : [],
  );
}

function warning(path: string, message: string): Fault {
  return { path, message, severity: 'warning' };
}

export async function listNext(
  { databases }: ScheduleDeps,
  actor: Actor,
  { slug, limit }: { slug: string; limit: number },
): Promise<RouteReply<typeof listOccurrences>> {
  requirePermission(actor, 'schedule.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const { timing, overrides } = await read(trx, actor, slug);
    return nextOccurrences(timing, { from: (await store.databaseNow(trx)).getTime(), most: limit, overrides });
  });
}

const mostDays = 62;

export async function showCalendar(
  { databases }: ScheduleDeps,
  actor: Actor,
  { slug, from, to }: { slug: string; from?: string | undefined; to?: string | undefined },
): Promise<RouteReply<typeof showScheduleCalendar>> {
  requirePermission(actor, 'schedule.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const { row, timing, overrides, changes } = await read(trx, actor, slug);
    const now = (await store.databaseNow(trx)).getTime();
    const first = from === undefined ? todayOf(timing, now) : toDay(from);
    const last = to === undefined ? first + 30 : toDay(to);
    if (last < first || last - first > mostDays)
      throw new InvalidInput('schedule.range', `From ${toDate(first)} to ${toDate(last)} is not a range of at most ${mostDays} days.`, {
        hint: 'Ask for a month or two at a time.',
      });
    const span = { from: instantOf(timing.timeZone, wallOf(first, 0)), to: instantOf(timing.timeZone, wallOf(last + 1, 0)) };
    const occurrences = [];
    for (const moment of planned(timing, { from: Math.max(now, span.from), to: span.to }, overrides))
      if (occurrences.push(viewPlanned(timing, moment)) >= 1_000) break;
    const firings = await store.firingsBetween(trx, { schedule: row.id, from: new Date(span.from), to: new Date(span.to) });
    const closed = Array.from({ length: last - first + 1 }, (_, at) => first + at).flatMap((day) => {
      const why = timing.closed.why(day);
      return why === null ? [] : [{ date: toDate(day), why }];
    });
    const shown = changes.filter(({ instant }) => instant.getTime() >= span.from && instant.getTime() < span.to);
    return {
      occurrences,
      firings: firings.map((firing) => viewFiring(actor, { schedule: row, row: firing })),
      changed: shown.map((change) => viewChange(actor, { schedule: row, row: change })),
      closed,
    };
  });
}

export async function explain(
  { databases }: ScheduleDeps,
  actor: Actor,
  { slug, date }: { slug: string; date?: string | undefined },
): Promise<DateExplanation> {
  requirePermission(actor, 'schedule.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const { row, timing, overrides } = await read(trx, actor, slug);
    const day = date === undefined ? todayOf(timing, (await store.databaseNow(trx)).getTime()) : toDay(date);
    const found = explainDate(timing, { day, overrides });
    const between = { from: new Date(instantOf(timing.timeZone, wallOf(day, 0))), to: new Date(instantOf(timing.timeZone, wallOf(day + 1, 0))) };
    const firings = (await store.firingsBetween(trx, { schedule: row.id, ...between })).map((firing) => viewFiring(actor, { schedule: row, row: firing }));
    const paused = row.archived_at ? ['The schedule is archived.'] : row.paused_at ? [`The schedule is paused since ${row.paused_at.toISOString()}.`] : [];
    const early = between.to <= row.created_at ? [`The schedule was made on ${row.created_at.toISOString().slice(0, 10)}; nothing fired before.`] : [];
    return { ...found, notes: [...paused, ...early, ...found.notes], firings };
  });
}

export async function listFirings(
  { databases }: ScheduleDeps,
  actor: Actor,
  { slug, ...query }: { slug: string; outcome?: Firing['outcome'] | undefined } & PageRequest,
): Promise<Page<Firing>> {
  requirePermission(actor, 'schedule.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const row = await existingSchedule(trx, actor, { slug, permission: 'schedule.read' });
    const page = await store.pageFirings(trx, { schedule: row.id, ...query });
    return { ...page, items: page.items.map((firing) => viewFiring(actor, { schedule: row, row: firing })) };
  });
}

function todayOf({ timeZone }: CompiledTiming, now: number): number {
  return dayOfWall(wallAt(timeZone, now));
}

/** @throws InvalidInput when a rule or calendar can no longer be used */
async function read(trx: WorkspaceTransaction, actor: Actor, slug: string) {
  const row = await existingSchedule(trx, actor, { slug, permission: 'schedule.read' });
  const changes = await store.findChanges(trx, row.id);
  const timing = await compiled(trx, { workspaceId: actor.workspaceId, timing: row.timing });
  return { row, timing, changes, overrides: overridesOf(changes) };
}

// When flows start by themselves, and whoever sees to it that they do.
import { z } from 'zod';
import { BulkResult, mostChangedAtOnce } from '../bulk-result.ts';
import { Id, Instant, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { Fault } from '../problem.ts';
import { defineRoute } from '../route.ts';
import { RunSummary } from '../run.ts';
import { DateExplanation, Firing, firingOutcomes, Occurrence, ScheduleDefinition, ScheduleParameter, ScheduleState, ScheduleTiming } from '../schedule.ts';
import { Revision } from '../whole-number.ts';

const slugParam = z.object({ slug: Slug });
const Reason = z.string().trim().max(500).optional();

export const Schedule = z
  .object({
    id: Id,
    slug: Slug,
    definition: ScheduleDefinition,
    words: z.array(z.string()).describe('Each rule in words'),
    flowTitle: z.string(),
    kind: z.enum(['pipeline', 'report', 'job', 'color']),
    folder: z.string().nullable(),
    state: ScheduleState,
    owner: z.string().nullable().describe('In whose name and with whose rights its runs start: who saved it last; null when a role hides it'),
    nextAt: Instant.nullable().describe('When it fires next; null while it is not active, and when nothing is to come'),
    nextLocal: z.string().nullable(),
    problem: z.string().nullable().describe('Why nothing is to come of an active schedule'),
    last: Firing.nullable().describe('What became of its newest planned moment'),
    paused: z.object({ at: Instant, by: z.string() }).nullable(),
    revision: z.number().int().describe('Counts up with every change'),
    createdAt: Instant,
    updatedAt: Instant,
    archivedAt: Instant.nullable(),
  })
  .meta({ id: 'Schedule' });
export type Schedule = z.infer<typeof Schedule>;

export const ScheduleFilter = z.object({
  flow: Slug.optional(),
  state: ScheduleState.optional().describe('Without it all that are not archived'),
  search: z.string().max(200).optional(),
});
export type ScheduleFilter = z.infer<typeof ScheduleFilter>;

/** Schedules by name, or all that a filter shows. */
export const ScheduleChoice = z
  .strictObject({ names: z.array(z.string().min(1).max(63)).min(1).max(mostChangedAtOnce).optional(), filter: z.strictObject(ScheduleFilter.shape).optional() })
  .refine(({ names, filter }) => (names === undefined) !== (filter === undefined), 'give either names or a filter')
  .meta({ id: 'ScheduleChoice' });
export type ScheduleChoice = z.infer<typeof ScheduleChoice>;

export const scheduleActions = ['activate', 'pause', 'archive', 'restore'] as const;
export const ScheduleAction = z.strictObject({ do: z.enum(scheduleActions) }).meta({ id: 'ScheduleAction' });
export type ScheduleAction = z.infer<typeof ScheduleAction>;

export const listSchedules = defineRoute({
  name: 'schedule.list',
  method: 'GET',
  path: '/api/schedules',
  tag: 'Schedules',
  access: 'schedule.read',
  summary: 'List schedules',
  query: PageQuery.extend({
    ...ScheduleFilter.shape,
    sort: z.enum(['title', 'next']).default('title').describe('next: only those that fire again, the soonest first'),
  }),
  response: pageOf(Schedule),
});
export const showSchedule = defineRoute({
  name: 'schedule.show',
  method: 'GET',
  path: '/api/schedules/{slug}',
  tag: 'Schedules',
  access: 'schedule.read',
  summary: 'Show a schedule',
  params: slugParam,
  response: Schedule,
});
export const createSchedule = defineRoute({
  name: 'schedule.create',
  method: 'POST',
  path: '/api/schedules',
  tag: 'Schedules',
  access: 'schedule.edit',
  status: 201,
  summary: 'Make a schedule',
  description: 'Needs `flow.run` on its flow too: the runs start in the name of whoever saves it. One that can never fire is refused, with the reason.',
  body: ScheduleDefinition.extend({ slug: Slug, active: z.boolean().default(true).describe('False: made, but paused') }),
  response: Schedule,
});
export const updateSchedule = defineRoute({
  name: 'schedule.update',
  method: 'PUT',
  path: '/api/schedules/{slug}',
  tag: 'Schedules',
  access: 'schedule.edit',
  summary: 'Change a schedule; whoever changes it is its owner then',
  params: slugParam,
  body: ScheduleDefinition.extend({
    revision: Revision.optional().describe('Of the schedule as it was read: refused when somebody changed it meanwhile'),
  }),
  response: Schedule,
});
export const pauseSchedule = defineRoute({
  name: 'schedule.pause',
  method: 'POST',
  path: '/api/schedules/{slug}/pause',
  tag: 'Schedules',
  access: 'schedule.edit',
  summary: 'Pause a schedule; what is due meanwhile is not made up for',
  params: slugParam,
  response: Schedule,
});
export const activateSchedule = defineRoute({
  name: 'schedule.activate',
  method: 'POST',
  path: '/api/schedules/{slug}/activate',
  tag: 'Schedules',
  access: 'schedule.edit',
  summary: 'Let a paused schedule fire again, from now on',
  params: slugParam,
  response: Schedule,
});
export const archiveSchedule = defineRoute({
  name: 'schedule.archive',
  method: 'DELETE',
  path: '/api/schedules/{slug}',
  tag: 'Schedules',
  access: 'schedule.edit',
  summary: 'Archive a schedule; its history stays',
  params: slugParam,
  response: Schedule,
});
export const restoreSchedule = defineRoute({
  name: 'schedule.restore',
  method: 'POST',
  path: '/api/schedules/{slug}/restore',
  tag: 'Schedules',
  access: 'schedule.edit',
  summary: 'Restore an archived schedule, paused',
  params: slugParam,
  response: Schedule,
});
export const changeSchedules = defineRoute({
  name: 'schedule.bulk',
  method: 'POST',
  path: '/api/schedule-bulk',
  tag: 'Schedules',
  access: 'schedule.edit',
  cost: 'expensive',
  summary: 'Activate, pause, archive or restore many schedules, or show which',
  description: 'What `activate`, `pause` and `archive` find archived, and `restore` does not, stays as it is. In whose name they run stays, too.',
  body: z.strictObject({ choice: ScheduleChoice, action: ScheduleAction, dryRun: z.boolean().default(false) }),
  response: BulkResult,
});
export const previewSchedule = defineRoute({
  name: 'schedule.preview',
  method: 'POST',
  path: '/api/schedules/preview',
  cost: 'expensive',
  tag: 'Schedules',
  access: 'schedule.read',
  summary: 'Say what a schedule would do before it is saved: its rules in words, when it fires next, what is wrong with it',
  body: ScheduleTiming.extend({
    flow: Slug.optional().describe('To check the parameters against'),
    parameters: z.record(z.string().max(63), ScheduleParameter).default({}),
    most: z.number().int().min(1).max(200).default(20),
  }),
  response: z.object({ words: z.array(z.string()), next: z.array(Occurrence), faults: z.array(Fault) }).meta({ id: 'SchedulePreview' }),
});
export const listOccurrences = defineRoute({
  name: 'schedule.next',
  method: 'GET',
  path: '/api/schedules/{slug}/next',
  tag: 'Schedules',
  access: 'schedule.read',
  summary: 'The next moments at which a schedule fires, or would if it were active',
  params: slugParam,
  query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
  response: z.object({ items: z.array(Occurrence), stopped: z.string().nullable().describe('What keeps it from being looked at further') }),
});

/** What somebody decided about one moment. */
export const ChangedOccurrence = z
  .object({ instant: Instant, to: Instant.nullable().describe('Null: it is left out'), by: z.string(), reason: z.string().nullable(), at: Instant })
  .meta({ id: 'ChangedOccurrence' });
export type ChangedOccurrence = z.infer<typeof ChangedOccurrence>;

export const showScheduleCalendar = defineRoute({
  name: 'schedule.calendar',
  method: 'GET',
  path: '/api/schedules/{slug}/calendar',
  tag: 'Schedules',
  access: 'schedule.read',
  summary: 'What was and what will be between two dates',
  params: slugParam,
  query: z.object({
    from: z.iso.date().optional().describe('Today when left out, in the zone of the schedule'),
    to: z.iso.date().optional().describe('At most 62 days later; 30 when left out'),
  }),
  response: z
    .object({
      occurrences: z.array(Occurrence).describe('From now on; at most 1,000'),
      firings: z.array(Firing).describe('The newest 1,000 of them'),
      changed: z.array(ChangedOccurrence),
      closed: z.array(z.object({ date: z.string(), why: z.string() })).describe('Days that are off'),
    })
    .meta({ id: 'ScheduleCalendar' }),
});
export const explainSchedule = defineRoute({
  name: 'schedule.explain',
  method: 'GET',
  path: '/api/schedules/{slug}/explain',
  tag: 'Schedules',
  access: 'schedule.read',
  summary: 'Why a schedule did, or did not, fire on a date; or will, or will not',
  params: slugParam,
  query: z.object({ date: z.iso.date().optional().describe('Today when left out, in the zone of the schedule') }),
  response: DateExplanation,
});
export const listFirings = defineRoute({
  name: 'schedule.firings',
  method: 'GET',
  path: '/api/schedules/{slug}/firings',
  tag: 'Schedules',
  access: 'schedule.read',
  summary: 'What became of the planned moments of a schedule, newest first',
  params: slugParam,
  query: PageQuery.extend({ outcome: z.enum(firingOutcomes).optional() }),
  response: pageOf(Firing),
});
export const runSchedule = defineRoute({
  name: 'schedule.run',
  method: 'POST',
  path: '/api/schedules/{slug}/run',
  tag: 'Schedules',
  access: 'flow.run',
  status: 201,
  summary: 'Start a run of a schedule now, and keep or cancel its next moment',
  params: slugParam,
  body: z.object({ next: z.enum(['keep', 'cancel']).default('keep').describe('cancel: the next moment is left out, as if this run were it') }),
  response: RunSummary,
});
export const skipOccurrence = defineRoute({
  name: 'schedule.skip',
  method: 'POST',
  path: '/api/schedules/{slug}/occurrences/skip',
  tag: 'Schedules',
  access: 'schedule.edit',
  summary: 'Leave out one planned moment',
  params: slugParam,
  body: z.object({ instant: Instant, reason: Reason }),
  response: Schedule,
});
export const moveOccurrence = defineRoute({
  name: 'schedule.move',
  method: 'POST',
  path: '/api/schedules/{slug}/occurrences/move',
  tag: 'Schedules',
  access: 'schedule.edit',
  summary: 'Move one planned moment to another one to come',
  params: slugParam,
  body: z.object({ instant: Instant.describe('Where its rules have it'), to: Instant, reason: Reason }),
  response: Schedule,
});
export const resetOccurrence = defineRoute({
  name: 'schedule.reset',
  method: 'POST',
  path: '/api/schedules/{slug}/occurrences/reset',
  tag: 'Schedules',
  access: 'schedule.edit',
  summary: 'Put a moment that was left out or moved back to where its rules have it',
  params: slugParam,
  body: z.object({ instant: Instant }),
  response: Schedule,
});

export const SchedulerStatus = z
  .object({
    at: Instant,
    stopped: z.object({ at: Instant, by: z.string(), reason: z.string().nullable() }).nullable().describe('Somebody stopped all firing'),
    processes: z.array(z.object({ id: Id, host: z.string(), pid: z.number().int(), startedAt: Instant, beatAt: Instant, fired: z.number().int() })),
    active: z.number().int(),
    paused: z.number().int(),
    withoutNext: z.number().int().describe('Active ones of which nothing is to come'),
    due: z.number().int().describe('Due by now and not fired yet'),
    nextAt: Instant.nullable(),
    today: z
      .object({
        fired: z.number().int(),
        skipped: z.number().int(),
        failed: z.number().int(),
        late: z.number().int().describe('Fired more than a second late'),
        p50Ms: z.number().nullable(),
        p99Ms: z.number().nullable(),
      })
      .describe('Since midnight UTC'),
  })
  .meta({ id: 'SchedulerStatus' });
export type SchedulerStatus = z.infer<typeof SchedulerStatus>;

export const showScheduler = defineRoute({
  name: 'scheduler.show',
  method: 'GET',
  path: '/api/scheduler',
  tag: 'Schedules',
  access: 'system.read',
  summary: 'Who fires schedules, and how that goes',
  response: SchedulerStatus,
});
export const stopScheduler = defineRoute({
  name: 'scheduler.stop',
  method: 'POST',
  path: '/api/scheduler/stop',
  tag: 'Schedules',
  access: 'system.edit',
  summary: 'Stop all firing; what is due meanwhile is seen to by the misfire policy of each schedule',
  body: z.object({ reason: z.string().trim().max(500).optional() }),
  response: SchedulerStatus,
});
export const startScheduler = defineRoute({
  name: 'scheduler.start',
  method: 'POST',
  path: '/api/scheduler/start',
  tag: 'Schedules',
  access: 'system.edit',
  summary: 'Fire schedules again',
  response: SchedulerStatus,
});
